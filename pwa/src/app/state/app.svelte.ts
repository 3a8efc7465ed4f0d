/** What every screen may ask: who, which project, which roles, how synchronization goes. */
import {
  definitions,
  knowledge,
  outboxCounts,
  row,
  session,
  syncStatus,
  type MyProject,
  type Person,
} from "../../capture";
import type { Readable } from "../../shared/store";
import type { Definitions } from "./definitions";
import { setSiteZone } from "../../shared/i18n/zone.svelte";
import { Kept } from "./kept.svelte";

const NO_PROJECTS: readonly MyProject[] = [];
const NO_ROLES: readonly string[] = [];

class AppState {
  readonly #session = new Kept(session);
  readonly #sync = new Kept(syncStatus);
  readonly #counts = new Kept(outboxCounts);
  readonly #definitions = new Kept(definitions as unknown as Readable<Definitions | undefined>);
  #knownAt = $state<string | null>(null);
  // Derived, so that what is read of a project is not read anew, and lost from the screen, each time the session changes.
  readonly #projectId = $derived.by(() => {
    const now = this.#session.current;
    return now && now.state !== "signed-out" ? (now.project_id ?? "") : "";
  });

  constructor() {
    $effect.root(() => {
      $effect(() => {
        if (!this.projectId) return;
        return knowledge(this.projectId).subscribe((meta) => (this.#knownAt = meta?.current_at ?? null));
      });
      $effect(() => {
        if (!this.projectId) return;
        return row("project", this.projectId, this.projectId).subscribe((project) => setSiteZone(project?.time_zone));
      });
    });
  }

  /** False until the database has said whether somebody is signed in. */
  get ready(): boolean {
    return this.#session.current !== undefined;
  }
  get signedIn(): boolean {
    return this.#session.current !== undefined && this.#session.current.state !== "signed-out";
  }
  /** The server no longer takes the session: reading and recording go on, sending waits. */
  get mustSignIn(): boolean {
    return this.#session.current?.state === "expired" || (this.signedIn && this.sync.signed_out);
  }
  get person(): Person | null {
    const now = this.#session.current;
    return now && now.state !== "signed-out" ? now.person : null;
  }
  get deviceId(): string {
    const now = this.#session.current;
    return now && now.state !== "signed-out" ? now.device_id : "";
  }
  get projects(): readonly MyProject[] {
    const now = this.#session.current;
    return now && now.state !== "signed-out" ? now.projects : NO_PROJECTS;
  }
  /** The chosen project; "" while none is. */
  get projectId(): string {
    return this.#projectId;
  }
  get project(): MyProject | null {
    return this.projects.find((one) => one.id === this.projectId) ?? null;
  }
  /** Joined, and not yet confirmed by the inviter. */
  get waiting(): boolean {
    return this.project?.state === "waiting";
  }
  get roles(): readonly string[] {
    return this.project?.roles ?? NO_ROLES;
  }
  get sync() {
    return this.#sync.current;
  }
  /** When the server last confirmed that this phone knows all there is. */
  get knownAt(): string | null {
    return this.#knownAt;
  }
  /** Acts and files that are not verified yet. */
  get unsent(): number {
    const counts = this.#counts.current;
    return counts ? counts.waiting_acts + counts.waiting_files + counts.sending + counts.deferred : 0;
  }
  get attention(): number {
    return this.#counts.current?.attention ?? 0;
  }
  get definitions(): Definitions | undefined {
    return this.#definitions.current;
  }
}

export const app = new AppState();
