/** What a scanned code means for this person: looked up on this phone first, then at the server. */
import { chooseProject, findCode, Offline, ProblemError, resolveCode, type CodeKind, type CodeTarget, type Scanned } from "../../capture";
import { app } from "../state/app.svelte";
import { problemOf } from "../state/problems";
import type { Problem } from "../../shared/kit/problem";

export type Meaning =
  | { is: "thing"; kind: CodeKind; id: string }
  | { is: "invite"; code: string }
  /** In nobody's project, or in one that is not ours: both look the same. A fresh label is such a code. */
  | { is: "unknown"; code: string }
  | { is: "foreign"; text: string }
  | { is: "offline"; code: string }
  | { is: "problem"; problem: Problem };

/** Looks a scanned text up. Never opens anything by itself. A code of another project of ours switches to it. */
export async function meaningOf(scanned: Scanned): Promise<Meaning> {
  if (scanned.kind === "foreign") return { is: "foreign", text: scanned.code };
  if (scanned.kind === "invite") return { is: "invite", code: scanned.code };
  const known = await findCode(scanned.code);
  if (known) return thing(known);
  try {
    return await thing(await resolveCode(scanned.code));
  } catch (error) {
    if (error instanceof Offline) return { is: "offline", code: scanned.code };
    if (error instanceof ProblemError && error.status === 404) return { is: "unknown", code: scanned.code };
    return { is: "problem", problem: problemOf(error) };
  }
}

async function thing(target: CodeTarget): Promise<Meaning> {
  if (target.project_id !== app.projectId) await chooseProject(target.project_id);
  return { is: "thing", kind: target.kind, id: target.id };
}

/** The screen of what was found; null when it must be explained instead. */
export function pathFor(meaning: Meaning): string | null {
  if (meaning.is === "invite") return `/join/${meaning.code}`;
  if (meaning.is !== "thing") return null;
  if (meaning.kind === "lot") return `/lots/${meaning.id}`;
  return meaning.kind === "task" ? `/tasks/${meaning.id}` : null;
}
