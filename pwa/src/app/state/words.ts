/** How things of the site are called on screens: lots, tasks, roles, steps. */
import type { LotRow, TaskRow } from "../../capture";
import { list } from "../../shared/i18n/format";
import { called, nameOf } from "../../shared/i18n/index.svelte";
import { stepKind, type Definitions } from "./definitions";

export const format = {
  /** The last eight characters of an id: enough to tell two apart, short enough to read out. */
  shortId(id: string): string {
    return id.slice(-8);
  },
};

/** What people say of a lot: its code, or its heat or batch while it has none yet. */
export function lotLabel(lot: Pick<LotRow, "id" | "code" | "heat_no" | "batch_no" | "delivery_note">): string {
  return lot.code || lot.heat_no || lot.batch_no || lot.delivery_note || format.shortId(lot.id);
}

/** Material with grade and size: "热轧带肋钢筋 HRB400E 20". */
export function lotMaterial(lot: Pick<LotRow, "material_names" | "grade" | "size">): string {
  return [called(lot.material_names), lot.grade, lot.size].filter(Boolean).join(" ");
}

/** What people also call the lot's material, for searching: 商砼, 螺纹钢. */
export function alsoCalled(definitions: Definitions | undefined, lot: Pick<LotRow, "material">): string {
  const aliases = definitions?.materials.find((one) => one.id === lot.material)?.aliases;
  return [...(aliases?.zh ?? []), ...(aliases?.en ?? [])].join("\n");
}

export function taskName(task: Pick<TaskRow, "name" | "name_en" | "code"> | null | undefined): string {
  return nameOf(task) || task?.code || "";
}

/** Names of roles in one line. */
export function roleNames(definitions: Definitions | undefined, roles: readonly string[]): string {
  return list(roles.map((role) => called(definitions?.roles[role]) || role));
}

/** The name of a step kind such as `concrete_pour.pouring`; the key itself while definitions are missing. */
export function stepName(definitions: Definitions | undefined, kind: string): string {
  return called(stepKind(definitions, kind)?.step.names) || kind;
}

/** The name of a plan. */
export function planName(definitions: Definitions | undefined, id: string | null): string {
  return called(definitions?.plans.find((plan) => plan.id === id)?.names) || (id ?? "");
}
