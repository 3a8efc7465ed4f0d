import { mount } from "svelte";

import App from "./app/App.svelte";
import { keepOffer } from "./app/crew/install.svelte";
import { wordsReady } from "./shared/i18n/index.svelte";
import { registerServiceWorker } from "./shared/update";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no element #app");

keepOffer();
void wordsReady().then(() => {
  mount(App, { target });
  registerServiceWorker();
});
