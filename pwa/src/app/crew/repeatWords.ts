/** Words for repeating a record on the next element. */
import { part } from "../../shared/i18n/index.svelte";

const zh = {
  next: (element: string) => `在下一处重复：${element}`,
  here: "重复上一次记录",
  from: (element: string, day: string) => `已按 ${day}“${element}”的记录填写：班组、人员、设备、材料和选项。`,
  anew: "照片、实测值和用量需在此处重新填写。",
};

const en: typeof zh = {
  next: (element) => `Repeat on the next: ${element}`,
  here: "Repeat my last record here",
  from: (element, day) => `Filled in as at “${element}” on ${day}: crew, people, equipment, material and choices.`,
  anew: "Photos, measurements and quantities are to be taken here.",
};

export const words = part(zh, en);
