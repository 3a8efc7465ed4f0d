/** Words for what is saved by hand, and for phones that send only while the app is open. */
import { part } from "../../shared/i18n/index.svelte";

const zh = {
  now: "立即导出这条记录",
  done: "已导出为文件。请妥善保存，并交给管理员。",
  keepOpen: "全部发完之前，请保持本应用打开、屏幕不锁。这部手机关闭应用后不会继续发送。",
};

const en: typeof zh = {
  now: "Export this record now",
  done: "Exported to a file. Keep it safe and give it to the manager.",
  keepOpen: "Keep Plumbline open, with the screen on, until all is sent: this phone sends nothing once the app is closed.",
};

export const words = part(zh, en);
