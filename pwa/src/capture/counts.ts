/** How much is where: the numbers on the outbox button, the same in all tabs. */
import { db } from "./db";
import { live } from "./live";
import { ownActs, ownFiles } from "./owner";

export interface OutboxCounts {
  /** Acts and files only on this phone, waiting for their turn or for a line. */
  waiting_acts: number;
  waiting_files: number;
  /** Acts and files on their way now. */
  sending: number;
  /** Acts and files that need a person. */
  attention: number;
  /** Acts at the server that wait for something there. */
  deferred: number;
  /** Bytes of the files that are not verified yet. */
  waiting_bytes: number;
}

/** Of the person at work. Undefined until the database has answered. */
export const outboxCounts = live<OutboxCounts>(async () => {
  const acts = await ownActs(await db.acts.where("state").anyOf("waiting", "sending", "needs-attention").toArray());
  const deferred = await ownActs(await db.acts.where("verdict").equals("deferred").toArray());
  const files = await ownFiles(await db.files.where("state").anyOf("waiting", "sending", "needs-attention").toArray());
  const actsIn = (state: string): number => acts.filter((act) => act.state === state).length;
  const inState = (state: string): number => files.filter((file) => file.state === state && !file.dismissed).length;
  return {
    waiting_acts: actsIn("waiting"),
    waiting_files: inState("waiting"),
    sending: actsIn("sending") + inState("sending"),
    attention: actsIn("needs-attention") + inState("needs-attention"),
    deferred: deferred.length,
    waiting_bytes: files.filter((file) => !file.dismissed).reduce((sum, file) => sum + file.bytes, 0),
  };
});
