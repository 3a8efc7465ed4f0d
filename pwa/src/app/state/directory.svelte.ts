/** Names behind ids: people, organizations, crews, places and equipment of the chosen project. */
import {
  rows,
  type CrewRow,
  type EquipmentRow,
  type FeedKind,
  type FeedRows,
  type MemberRow,
  type OrganizationRow,
  type PlaceRow,
} from "../../capture";
import { format } from "./words";
import { called, nameOf } from "../../shared/i18n/index.svelte";
import { app } from "./app.svelte";

type ById<Row> = ReadonlyMap<string, Row>;
const SERVER = "00000000-0000-0000-0000-000000000000";
const EMPTY: ById<never> = new Map<string, never>();

class Directory {
  #members = $state.raw<ById<MemberRow>>(EMPTY);
  #organizations = $state.raw<ById<OrganizationRow>>(EMPTY);
  #crews = $state.raw<ById<CrewRow>>(EMPTY);
  #places = $state.raw<ById<PlaceRow>>(EMPTY);
  #equipment = $state.raw<ById<EquipmentRow>>(EMPTY);

  constructor() {
    $effect.root(() => {
      this.#follow("member", (found) => (this.#members = found));
      this.#follow("organization", (found) => (this.#organizations = found));
      this.#follow("crew", (found) => (this.#crews = found));
      this.#follow("place", (found) => (this.#places = found));
      this.#follow("equipment", (found) => (this.#equipment = found));
    });
  }

  #follow<K extends FeedKind>(kind: K, set: (found: ById<FeedRows[K]>) => void): void {
    $effect(() => {
      if (!app.projectId) return;
      return rows(kind, app.projectId).subscribe((found) => {
        if (found) set(new Map(found.map((row) => [row.id, row as FeedRows[K]])));
      });
    });
  }

  get members(): ById<MemberRow> {
    return this.#members;
  }
  get organizations(): ById<OrganizationRow> {
    return this.#organizations;
  }
  get crews(): ById<CrewRow> {
    return this.#crews;
  }
  get places(): ById<PlaceRow> {
    return this.#places;
  }
  get equipment(): ById<EquipmentRow> {
    return this.#equipment;
  }

  /** The name of a person; of somebody this phone does not know, a short form of the id. */
  person(id: string | null | undefined): string {
    if (!id) return "";
    if (id === app.person?.id) return app.person.display_name;
    // What the server did of itself: a fault reported by the public, the parts of a large recall.
    if (id === SERVER) return called({ zh: "系统", en: "the system" });
    return this.#members.get(id)?.display_name ?? format.shortId(id);
  }
  /** The organization that stands for this one: where suppliers were merged, the one that stays. */
  standing(id: string | null | undefined): OrganizationRow | undefined {
    let found = id ? this.#organizations.get(id) : undefined;
    for (let step = 0; found?.merged_into && step < 20; step++) found = this.#organizations.get(found.merged_into) ?? found;
    return found;
  }
  organization(id: string | null | undefined): string {
    return id ? nameOf(this.#organizations.get(id)) || format.shortId(id) : "";
  }
  crew(id: string | null | undefined): string {
    return id ? nameOf(this.#crews.get(id)) || format.shortId(id) : "";
  }
  place(id: string | null | undefined): string {
    return id ? nameOf(this.#places.get(id)) || format.shortId(id) : "";
  }
  equipmentName(id: string | null | undefined): string {
    const found = id ? this.#equipment.get(id) : undefined;
    return found ? `${found.code} ${nameOf(found)}` : format.shortId(id ?? "");
  }
  /** Active members with one of these roles, for "ask …". */
  withRole(roles: readonly string[]): MemberRow[] {
    return [...this.#members.values()].filter(
      (member) => member.state === "active" && member.roles.some((role) => roles.includes(role)),
    );
  }
}

export const directory = new Directory();
