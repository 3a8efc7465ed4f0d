/** Words of the use gate; they travel with the screens that ask it. */
import { part } from "../../shared/i18n/index.svelte";

const zh = {
  title: (lot: string) => `批次 ${lot} 还不能使用`,
  lacks: (what: string) => `缺少：${what}。`,
  held: (lot: string, what: string) => `批次 ${lot} 还不能使用，缺少：${what}。`,
  ask: "请联系试验员或材料员。",
  askNamed: (who: string) => `请联系：${who}。`,
  todo: "补齐后同步本机，再扫描一次。",
  useOther: (lot: string) => `改用批次 ${lot}`,
  noOther: "目前没有其他可用的同类批次。",
  known: (age: string) => `本机掌握的情况：${age}。`,
  conditional: (day: string) => `有条件使用：后期结果应于 ${day} 前得出。`,
  openTitle: "待出的后期结果",
  openUntil: (day: string) => `应于 ${day} 得出`,
  machine: (name: string, day: string) => `${name} 的标定已于 ${day} 到期，不能使用。请换一台，或请设备管理员重新标定。`,
};

const en: typeof zh = {
  title: (lot) => `Lot ${lot} must not be used yet`,
  lacks: (what) => `It lacks: ${what}.`,
  held: (lot, what) => `Lot ${lot} must not be used yet; it lacks: ${what}.`,
  ask: "Ask the laboratory technician or the storekeeper.",
  askNamed: (who) => `Ask: ${who}.`,
  todo: "When that is there, sync this phone and scan again.",
  useOther: (lot) => `Use lot ${lot}`,
  noOther: "No other lot of this kind can be used now.",
  known: (age) => `What this phone knows is from ${age}.`,
  conditional: (day) => `Used on condition: its late result is due on ${day}.`,
  openTitle: "Late results still open",
  openUntil: (day) => `due on ${day}`,
  machine: (name, day) => `The calibration of ${name} ran out on ${day}; it must not be used. Take another, or have it calibrated.`,
};

export const words = part(zh, en);
