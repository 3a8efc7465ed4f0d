/** Answers of a form as people read them. */
import { day, list, moment, number, quantity, unit as unitWord } from "../../shared/i18n/format";
import { called, t, type Names } from "../../shared/i18n/index.svelte";
import { splitAnswer } from "../../shared/judge";

interface Field {
  readonly type?: unknown;
  readonly unit?: unknown;
  readonly options?: unknown;
}

/** One answer with its unit; a series as its readings; the design value behind it where one was stated. */
export function answerText(field: Field | undefined, answer: unknown, nameOfLot: (id: string) => string = (id) => id): string {
  const { value, design } = splitAnswer(answer);
  if (value === undefined || value === null || value === "") return "—";
  const said = one(field, value, nameOfLot);
  return design === undefined || design === null || design === "" ? said : t().log.withDesign(said, one(field, design, nameOfLot));
}

function one(field: Field | undefined, value: unknown, nameOfLot: (id: string) => string): string {
  const unit = typeof field?.unit === "string" ? field.unit : undefined;
  if (typeof value === "boolean") return value ? t().kit.yes : t().kit.no;
  if (Array.isArray(value)) {
    const parts = value.map(String);
    if (field?.type === "material_lots") return list(parts.map(nameOfLot));
    return [list(parts.map((part) => number(part))), unitWord(unit)].filter(Boolean).join(" ");
  }
  const text = typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
  if (field?.type === "enum") return called((field.options as { id: string; names: Names }[] | undefined)?.find((option) => option.id === text)?.names) || text;
  if (field?.type === "date") return day(text);
  if (field?.type === "datetime") return moment(text);
  if (field?.type === "number" || field?.type === "integer") return quantity(text, unit);
  return text;
}
