/** The words of office and inspector: `o().inbox.title`. They travel with those screens and not with the shell. */
import { part } from "../../../shared/i18n/index.svelte";
import { en } from "./en";
import { zh } from "./zh";

export const o = part(zh, en);
