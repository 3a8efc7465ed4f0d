/**
 * Where we are: real paths, the browser's own history, scroll kept on the way back.
 *
 * Ordinary links (`<a href="/lots/…">`) are enough to go somewhere; `go()` is for what happens after work is done.
 */
import type { Component } from "svelte";

export interface ScreenProps {
  params: Record<string, string>;
}

/** A screen's component; screens without parameters in their path take no props. */
export type Screen = Component<ScreenProps> | Component<Record<string, never>>;

export interface Route {
  /** "/lots/:id": a part that begins with a colon becomes a parameter. */
  path: string;
  /** The screen; a dynamic import makes it a chunk of its own. */
  load: () => Promise<{ default: Screen }>;
  /** "shell" has the bars around it, "focus" hides the bottom bar so that one action is left, "bare" stands alone. */
  frame?: "shell" | "focus" | "bare";
  /** Needs nobody signed in. */
  open?: boolean;
  /** The entry of the bars that this screen belongs to: its `id` in nav.ts. */
  entry?: string;
}

export interface Place {
  path: string;
  query: URLSearchParams;
  /** Grows with each entry of the history; the scroll of an entry is kept under it. */
  key: number;
  /** Came here by back or forward: the scroll is put back. */
  returned: boolean;
}

interface HistoryState {
  key: number;
}

const SCROLLS = "plumbline.scroll";
/** Scroll of each entry of the history by its key, in pixels. */
let scrolls: [key: number, y: number][] = readScrolls();
let newest = (history.state as HistoryState | null)?.key ?? 0;
let here = $state.raw<Place>(read((history.state as HistoryState | null)?.key ?? 0, scrolls.length > 0));

/** The place on show. Reading it in a component makes the component follow. */
export function place(): Place {
  return here;
}

/** One value of the query, "" when it is not there. */
export function query(name: string): string {
  return here.query.get(name) ?? "";
}

/** Goes to a path of this app. `replace` leaves no way back to the page that is left. */
export function go(to: string, { replace = false }: { replace?: boolean } = {}): void {
  keepScroll();
  const key = replace ? here.key : ++newest;
  if (replace) history.replaceState({ key }, "", to);
  else history.pushState({ key }, "", to);
  here = read(key, false);
  if (!replace) scrollTo(0, 0);
}

/** Back to where one was; without a history (a scanned link, a new tab) to `otherwise`. */
export function back(otherwise: string): void {
  if (here.key > 0) history.back();
  else go(otherwise, { replace: true });
}

/** Puts a value into the address without a new entry of the history, so that a view can be sent. "" takes it out. */
export function setQuery(name: string, value: string): void {
  const others = [...here.query].filter(([known]) => known !== name);
  const pairs = value ? [...others, [name, value]] : others;
  const search = pairs.map((pair) => pair.map((part) => encodeURIComponent(part ?? "")).join("=")).join("&");
  history.replaceState({ key: here.key }, "", search ? `${here.path}?${search}` : here.path);
  here = read(here.key, here.returned);
}

/** The route of a path with its parameters, or null. Earlier routes win. */
export function match(routes: readonly Route[], path: string): { route: Route; params: Record<string, string> } | null {
  const parts = path.split("/").filter(Boolean);
  for (const route of routes) {
    const wanted = route.path.split("/").filter(Boolean);
    if (wanted.length !== parts.length) continue;
    const params: Record<string, string> = {};
    const fits = wanted.every((want, at) => {
      const part = parts[at] ?? "";
      if (!want.startsWith(":")) return want === part;
      params[want.slice(1)] = decode(part);
      return true;
    });
    if (fits) return { route, params };
  }
  return null;
}

/** Listens to links and to the browser's back. Called once, by App. */
export function startRouter(): () => void {
  history.scrollRestoration = "manual";
  history.replaceState({ key: here.key }, "");
  const onpop = (event: PopStateEvent): void => {
    keepScroll();
    here = read((event.state as HistoryState | null)?.key ?? 0, true);
  };
  addEventListener("popstate", onpop);
  addEventListener("click", onclick);
  addEventListener("pagehide", keepScroll);
  return () => {
    removeEventListener("popstate", onpop);
    removeEventListener("click", onclick);
    removeEventListener("pagehide", keepScroll);
  };
}

/**
 * Puts the scroll of this entry back once the screen is tall enough; lists come from the database a moment later
 * than the screen. Gives up after two seconds or as soon as the person scrolls.
 */
export function restoreScroll(): void {
  const wanted = here.returned ? scrolls.find(([key]) => key === here.key)?.[1] : 0;
  if (!wanted) return;
  const until = performance.now() + 2_000;
  const stop = new AbortController();
  for (const event of ["wheel", "touchmove", "keydown"]) {
    addEventListener(event, () => stop.abort(), { once: true, passive: true, signal: stop.signal });
  }
  const attempt = (): void => {
    if (stop.signal.aborted || performance.now() > until) return stop.abort();
    scrollTo(0, wanted);
    if (Math.abs(scrollY - wanted) < 2) stop.abort();
    else requestAnimationFrame(attempt);
  };
  attempt();
}

function onclick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (link.pathname.startsWith("/api/") || link.pathname.startsWith("/assets/")) return;
  event.preventDefault();
  if (link.hash && link.pathname === location.pathname) {
    document.querySelector<HTMLElement>(link.hash)?.focus();
    return;
  }
  go(`${link.pathname}${link.search}`);
}

function read(key: number, returned: boolean): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search), key, returned };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function keepScroll(): void {
  scrolls = [...scrolls.filter(([key]) => key !== here.key), [here.key, scrollY] as [number, number]].slice(-60);
  try {
    sessionStorage.setItem(SCROLLS, JSON.stringify(scrolls));
  } catch {
    // Without session storage the scroll is forgotten by a reload, and by nothing else.
  }
}

function readScrolls(): [number, number][] {
  try {
    return JSON.parse(sessionStorage.getItem(SCROLLS) ?? "[]") as [number, number][];
  } catch {
    return [];
  }
}
