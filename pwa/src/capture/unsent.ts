/** What has not reached the server yet: the one question that sign-out, the badge and the export ask. */
import { db, type ActEntry, type FileEntry } from "./db";
import { ownActs, ownFiles } from "./owner";

/**
 * Acts without any verdict of the server. A refused act is not among them: the server has stored it,
 * in its quarantine, with the reason.
 */
export async function unsentActs(): Promise<ActEntry[]> {
  const open = await db.acts.where("state").anyOf("waiting", "sending", "needs-attention").toArray();
  return open.filter((act) => act.verdict === null).sort((a, b) => a.seq - b.seq);
}

/** Files that the server has not verified, save those that it refused and a person has put aside. */
export async function unsentFiles(): Promise<FileEntry[]> {
  const open = await db.files.where("state").anyOf("waiting", "sending", "needs-attention").toArray();
  return open.filter((file) => !file.dismissed);
}

/** Of the person at work: what others left behind their PIN waits for them and holds nobody up. */
export async function countUnsent(): Promise<{ acts: number; files: number }> {
  const [acts, files] = [await ownActs(await unsentActs()), await ownFiles(await unsentFiles())];
  return { acts: acts.length, files: files.length };
}
