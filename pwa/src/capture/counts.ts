/** How much is where: the numbers on the outbox button, the same in all tabs. */
import { db } from "./db";
import { live } from "./live";

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

/** Undefined until the database has answered. */
export const outboxCounts = live<OutboxCounts>(async () => {
  const [waiting_acts, sendingActs, attentionActs, deferred] = await Promise.all([
    db.acts.where("state").equals("waiting").count(),
    db.acts.where("state").equals("sending").count(),
    db.acts.where("state").equals("needs-attention").count(),
    db.acts.where("verdict").equals("deferred").count(),
  ]);
  const files = await db.files.where("state").anyOf("waiting", "sending", "needs-attention").toArray();
  const inState = (state: string): number => files.filter((file) => file.state === state && !file.dismissed).length;
  return {
    waiting_acts,
    waiting_files: inState("waiting"),
    sending: sendingActs + inState("sending"),
    attention: attentionActs + inState("needs-attention"),
    deferred,
    waiting_bytes: files.filter((file) => !file.dismissed).reduce((sum, file) => sum + file.bytes, 0),
  };
});
