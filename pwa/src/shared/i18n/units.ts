/** Units as people on site write them. Unknown units are shown as they are. */
import type { Names } from "./index.svelte";

const SHOWN: Record<string, Names> = {
  m2: { zh: "m²", en: "m²" },
  m3: { zh: "m³", en: "m³" },
  mm2: { zh: "mm²", en: "mm²" },
  "m2/kg": { zh: "m²/kg", en: "m²/kg" },
  "kg/m3": { zh: "kg/m³", en: "kg/m³" },
  "g/cm3": { zh: "g/cm³", en: "g/cm³" },
  "N/mm2": { zh: "N/mm²", en: "N/mm²" },
  degC: { zh: "℃", en: "°C" },
  "°C": { zh: "℃", en: "°C" },
  degC_d: { zh: "℃·d", en: "°C·d" },
  pcs: { zh: "件", en: "pcs" },
  sets: { zh: "套", en: "sets" },
  set: { zh: "套", en: "set" },
  roll: { zh: "卷", en: "rolls" },
  rolls: { zh: "卷", en: "rolls" },
  bag: { zh: "袋", en: "bags" },
  bundle: { zh: "捆", en: "bundles" },
  min: { zh: "分钟", en: "min" },
  h: { zh: "小时", en: "h" },
  d: { zh: "天", en: "days" },
  month: { zh: "个月", en: "months" },
  Bft: { zh: "级", en: "Bft" },
};

/** The unit in a language, `m3` as m³, `pcs` as 件. */
export function unitIn(unit: string | null | undefined, language: "zh" | "en"): string {
  if (!unit) return "";
  return SHOWN[unit]?.[language] ?? unit;
}
