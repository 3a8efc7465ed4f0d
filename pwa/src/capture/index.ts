/**
 * The capture engine: everything that screens may call. README.md beside it tells states, order and guarantees.
 */
export * from "./types";
export * from "./errors";
export { setLanguage, type Language } from "./settings";

export { session, signIn, join, signOut, me, chooseProject, type SessionState, type JoinDetails } from "./session";
export { handOver, hasPin, knownPeople, PIN, PinWrong, setPin, unlock, type KnownPerson } from "./people";
export { record, type CaptureFile, type RecordOptions, type Recorded } from "./record";
export { uuid7, newCode } from "./uuid7";
export { parseScan, type ReadBy, type Scanned } from "./code";
export { sha256Hex } from "./bytes";
export { clockSkewMs } from "./clock";

export { startSync, sync, syncNow, syncStatus, type SyncStatus } from "./sync";
export { outboxCounts, type OutboxCounts } from "./counts";
export { retryAct, dismissAct } from "./outbox";
export { retryFile, dismissFile } from "./uploads";
export { countUnsent } from "./unsent";
export { sendsAlone } from "./awake";
export { exportUnsent, type InHand } from "./export";
export { handIn, type HandInItem, type HandInReason, type HandInState } from "./handin";
export { payloadOf } from "./payload";
export { refusedAct, type Refused } from "./refused";
export type { ActEntry, FileEntry, DraftEntry, MetaEntry, ItemState } from "./db";

export * from "./queries";
export { lotProofs, type LotProofs } from "./proofs";
export { nextAlike } from "./alike";
export { search, type Found } from "./search";
export { saveDraft, loadDraft, deleteDraft, drafts } from "./drafts";
export { definitions, loadDefinitions, loadDefinition, type Definitions } from "./definitions";

export { MediaKeeper, keepMedia, type KeptMedia } from "./media";
export { mediaBlob, dropMedia } from "./pieces";
export { position, currentWhere, type PositionState } from "./position";
export { fileUrl, imageUrl, type FileSize } from "./files";
export { storageRoom, type StorageRoom } from "./storage";
export { get, post, callJson, call } from "./api";
export * from "./calls";
