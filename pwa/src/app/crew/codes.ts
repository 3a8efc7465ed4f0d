/** What a scanned code means for this person: looked up on this phone first, then at the server. */
import {
  chooseProject,
  findCode,
  findMarks,
  Offline,
  ProblemError,
  resolveCode,
  rollsOf,
  type CodeTarget,
  type LabelledKind,
  type ReadBy,
  type Scanned,
} from "../../capture";
import type { Reading } from "../../marks/reading";
import { app } from "../state/app.svelte";
import { problemOf } from "../state/problems";
import type { Problem } from "../../shared/kit/problem";

export type Meaning =
  | { is: "thing"; kind: LabelledKind; id: string }
  /** A label of a roll of this project that is on nothing yet; `label` is its running number, as printed on it. */
  | { is: "blank"; code: string; label: string }
  | { is: "invite"; code: string }
  /** In nobody's project, or in one that is not ours: both look the same. A fresh label is such a code. */
  | { is: "unknown"; code: string }
  /** A mark that several things carry, as lots of one heat do. */
  | { is: "several"; text: string; things: { kind: LabelledKind; id: string }[] }
  /** A maker's mark that nothing here carries yet. */
  | { is: "mark"; text: string; read: ReadBy; reading: Reading }
  | { is: "foreign"; text: string }
  | { is: "offline"; code: string }
  | { is: "problem"; problem: Problem };

/** Looks a scanned text up. Never opens anything by itself. A code of another project of ours switches to it. */
export async function meaningOf(scanned: Scanned): Promise<Meaning> {
  if (scanned.kind === "foreign") return markOf(scanned.code, scanned.read);
  if (scanned.kind === "invite") return { is: "invite", code: scanned.code };
  const known = await findCode(scanned.code);
  if (known) return thing(known);
  const label = await blankOf(scanned.code);
  if (label !== null) return { is: "blank", code: scanned.code, label };
  try {
    const target = await resolveCode(scanned.code);
    if (target.kind !== "blank") return await thing(target);
    if (target.project_id !== app.projectId) await chooseProject(target.project_id);
    return { is: "blank", code: scanned.code, label: "" };
  } catch (error) {
    if (error instanceof Offline) return { is: "offline", code: scanned.code };
    if (error instanceof ProblemError && error.status === 404) return { is: "unknown", code: scanned.code };
    return { is: "problem", problem: problemOf(error) };
  }
}

/** Marks travel with the project, so that this needs no line. */
async function markOf(text: string, read: ReadBy): Promise<Meaning> {
  const { readMark } = await import("../../marks/reading");
  const reading = readMark(read, text);
  if (!reading) return { is: "foreign", text };
  const numbers = Object.keys(reading.elements).length > 0 ? [reading.elements["10"]] : [reading.value];
  const things = await findMarks(app.projectId, reading.value, numbers.filter((one) => one !== undefined));
  if (things.length === 0) return { is: "mark", text, read, reading };
  return things.length === 1 && things[0] ? { is: "thing", ...things[0] } : { is: "several", text, things };
}

/** The running number of a blank label, "LR-0003-0017"; null when the code is on no roll that this phone knows. */
async function blankOf(code: string): Promise<string | null> {
  const rolls = await rollsOf(app.projectId);
  if (rolls.length === 0) return null;
  const { numberOnRoll } = await import("../../marks/roll");
  for (const roll of rolls) {
    const number = await numberOnRoll(roll.seed, roll.count, code);
    // A roll that the server has not numbered yet has no name to show.
    if (number !== undefined) return roll.code ? `${roll.code}-${String(number).padStart(4, "0")}` : "";
  }
  return null;
}

async function thing(target: CodeTarget): Promise<Meaning> {
  if (target.project_id !== app.projectId) await chooseProject(target.project_id);
  return { is: "thing", kind: target.kind as LabelledKind, id: target.id };
}

/** The screen of what was found; null when it must be explained instead. */
export function pathFor(meaning: Meaning): string | null {
  if (meaning.is === "invite") return `/join/${meaning.code}`;
  if (meaning.is !== "thing") return null;
  if (meaning.kind === "lot") return `/lots/${meaning.id}`;
  return meaning.kind === "task" ? `/tasks/${meaning.id}` : null;
}
