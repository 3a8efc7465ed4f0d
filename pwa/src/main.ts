import { mount } from "svelte";

import App from "./app/App.svelte";
import { registerServiceWorker } from "./shared/update";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no element #app");

mount(App, { target });
registerServiceWorker();
