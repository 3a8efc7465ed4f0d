/** Words of Me: what is kept on this phone, how it looks, and how one leaves; they travel with that screen. */
import { part } from "../../shared/i18n/index.svelte";

const plural = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

const zh = {
  title: "安装到主屏幕",
  why: "安装之后：空间不足或长期没打开时，浏览器不会清除还没发送的记录；没有信号也能直接打开；可以接收提醒。",
  ios: "在 Safari 里点“分享”，再点“添加到主屏幕”。",
  android: "在浏览器菜单里点“安装应用”或“添加到主屏幕”。",
  button: "安装",
  installed: "已安装在本机。",
  storage: "本机存储",
  storageUsed: (used: string, free: string) => `已用 ${used}，还可用 ${free}`,
  persisted: "浏览器承诺不会自动清除本机记录。",
  notPersisted: "空间不足时，浏览器可能清除本机记录。",
  persist: "请求长期保存",
  persistRefused: "浏览器没有同意。把本应用安装到主屏幕后再试。",
  largeNote: "戴手套、看不清时用。",
  leftNote: "按钮移到左侧。",
  signOutTitle: "退出登录？",
  signOutText: "本机的项目资料会清除，下次需要重新登录。",
  unsentTitle: "还有记录没有发送",
  unsentText: (acts: number, files: number) =>
    `${acts} 条记录和 ${files} 个文件还在本机。退出会丢失它们，所以现在不能退出。请联网发送，或先导出。`,
  toOutbox: "去待发",
  themes: { auto: "跟随系统", light: "浅色", dark: "深色（地下室）", sun: "强光（户外）" },
  large: "大字",
  left: "左手操作",
};

const en: typeof zh = {
  title: "Put on the home screen",
  why: "Once installed, the browser keeps records that are not sent yet, even when space is short or the app was not opened for weeks; it opens without a signal, and can remind you.",
  ios: "In Safari press Share, then “Add to Home Screen”.",
  android: "In the browser's menu press “Install app” or “Add to Home screen”.",
  button: "Install",
  installed: "Installed on this phone.",
  storage: "Storage on this phone",
  storageUsed: (used, free) => `${used} used, ${free} free`,
  persisted: "The browser promises not to clear the records of this phone by itself.",
  notPersisted: "When space is short, the browser may clear the records of this phone.",
  persist: "Ask to keep them",
  persistRefused: "The browser did not agree. Install the app on the home screen and try again.",
  largeNote: "For gloves and tired eyes.",
  leftNote: "Buttons move to the left.",
  signOutTitle: "Sign out?",
  signOutText: "The project's data is cleared from this phone; you sign in again next time.",
  unsentTitle: "Some records are not sent yet",
  unsentText: (acts, files) =>
    `${plural(acts, "record", "records")} and ${plural(files, "file", "files")} are only on this phone. Signing out would lose them, so it is refused. Let them send, or export them first.`,
  toOutbox: "Go to Outbox",
  themes: { auto: "As the system", light: "Light", dark: "Dark (basement)", sun: "Sun (outdoors)" },
  large: "Large type",
  left: "Left-handed",
};

export const words = part(zh, en);
