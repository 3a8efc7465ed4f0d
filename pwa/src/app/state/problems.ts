/** What went wrong, as a problem document in the reader's language, whether the server or this phone says it. */
import { CaptureError, ProblemError } from "../../capture";
import { t } from "../../shared/i18n/index.svelte";
import type { Problem } from "../../shared/kit/problem";

/** Any error as title and sentence. Faults of the program keep their code, so that they can be reported. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const words = t().problem;
  const code = error instanceof CaptureError ? error.code : error instanceof Error ? error.name : "fault";
  const known: Record<string, [string, string]> = {
    offline: [words.offlineTitle, words.offlineText],
    "storage-full": [words.storageFullTitle, words.storageFullText],
    "database-lost": [words.databaseLostTitle, words.databaseLostText],
    "not-signed-in": [words.notSignedInTitle, words.notSignedInText],
    "no-key": [words.noKeyTitle, words.noKeyText],
  };
  const said = known[code];
  if (!said) console.error(error);
  return said ? { title: said[0], detail: said[1] } : { title: words.unknown, detail: words.faultText(code) };
}
