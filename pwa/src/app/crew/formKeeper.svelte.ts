/**
 * What a form keeps of itself while it is filled in: its words 400 ms after the last key and before a camera opens,
 * its photos as they come. Two drafts, so that a key does not write ten photos anew.
 */
import { untrack } from "svelte";
import { deleteDraft, loadDraft, saveDraft } from "../../capture";
import { app } from "../state/app.svelte";
import { mediaOf, type Shot } from "./shots";

interface Form<Words, Photos> {
  /** Of the draft; "" until the project is known. */
  key: () => string;
  kind: string;
  /** What was typed and chosen; null when that is nothing. */
  words: () => Words | null;
  photos: () => Photos;
  /** While it is recorded and after: nothing more is kept. */
  over: () => boolean;
  /** Of the photos' draft, when it is another than the form's: read when the words are there again. */
  photoKey?: () => string;
  /** What the form begins with when there is no draft; null when that is nothing. */
  begin?: () => Promise<{ words: Words; photos: Photos } | null>;
  /** Goes on from a draft of the words. */
  resume: (words: Words) => void;
  /** Goes on from a draft of photos. In drafts of earlier releases they lie beside the words. */
  show: (photos: Partial<Photos>) => void;
}

/** Made while its component is. */
export class FormKeeper<Words extends object, Photos extends object> {
  private loaded = $state(false);
  private begun = false;
  private line: Promise<unknown> = Promise.resolve();
  /** Whether there is a draft of each, which must go when its form is emptied again. */
  private readonly there = { words: false, photos: false };

  constructor(private readonly form: Form<Words, Photos>) {
    $effect(() => {
      if (this.begun || !form.key()) return;
      this.begun = true;
      void this.load();
    });
    $effect(() => {
      if (!this.loaded || form.over()) return;
      // Read here, so that each change starts the clock anew.
      void $state.snapshot(form.words());
      const timer = setTimeout(() => void this.now(), 400);
      return () => clearTimeout(timer);
    });
    $effect(() => {
      if (!this.loaded || form.over()) return;
      this.keepPhotos(form.photos());
    });
  }

  get photoKey(): string {
    return this.form.photoKey?.() ?? photoKeyOf(this.form.key());
  }

  /** At once, before a camera opens: a phone short of memory may end the page behind it. */
  readonly now = (): Promise<void> => {
    if (!this.loaded || this.form.over()) return this.still();
    const { form } = this;
    const [key, words] = [form.key(), $state.snapshot(form.words())];
    if (words) this.queue(() => saveDraft(key, app.projectId, form.kind, words));
    else if (this.there.words) this.queue(() => deleteDraft(key));
    this.there.words = words !== null;
    return this.still();
  };

  /** When nothing is being kept any more: a draft that came after its record would be recorded twice. */
  async still(): Promise<void> {
    await this.line;
  }

  private async load(): Promise<void> {
    const words = (await loadDraft(this.form.key())) as Words | undefined;
    const begun = words ? null : ((await this.form.begin?.()) ?? null);
    if (begun) this.form.resume(begun.words);
    if (words) this.form.resume(words);
    this.there.words = words !== undefined;
    const photos = await loadDraft(this.photoKey);
    this.there.photos = photos !== undefined;
    const found = (photos ?? words ?? begun?.photos) as Partial<Photos> | undefined;
    if (found) this.form.show(found);
    this.loaded = true;
  }

  private keepPhotos(photos: Photos): void {
    const [key, shots] = [this.photoKey, shotsIn(photos)];
    if (shots.length > 0) {
      // The words first: they may say where the photos lie.
      void untrack(this.now);
      this.queue(() => saveDraft(key, app.projectId, "photos", photos, mediaOf(shots)));
    } else if (this.there.photos) this.queue(() => deleteDraft(key));
    this.there.photos = shots.length > 0;
  }

  private queue(work: () => Promise<unknown>): void {
    this.line = this.line.then(work).catch(() => undefined);
  }
}

export function photoKeyOf(key: string): string {
  return `${key}:photos`;
}

function shotsIn(photos: object): Shot[] {
  return Object.values(photos).flatMap((value: unknown) => (Array.isArray(value) ? (value as Shot[]) : []));
}
