import type { NcrActionRow } from "../../../capture";

/** What is being done to a nonconformance; deeds on an action carry it. */
export type Deed =
  | { is: "confirm" | "dismiss" | "answer" | "cause" | "plan" | "reinspect" | "cost" | "close" }
  | { is: "done" | "check"; action: NcrActionRow };
