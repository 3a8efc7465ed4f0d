import { mount } from "svelte";

import App from "./app/App.svelte";
import { keepOffer } from "./app/crew/install.svelte";
import { match } from "./app/router.svelte";
import { routes } from "./app/routes";
import { makeFormats } from "./shared/i18n/format";
import { wordsReady } from "./shared/i18n/index.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no element #app");

keepOffer();
// The screen is asked for beside the words and the database, not after them; App says what to do when it does not come.
const first = match(routes, location.pathname)?.route;
first?.load().catch(() => undefined);
void wordsReady().then(() => {
  mount(App, { target });
  // While the database is being opened. Who has yet to sign in sees no dates.
  if (!first?.open) makeFormats();
});
