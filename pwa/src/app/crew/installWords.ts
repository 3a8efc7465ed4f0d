/** Words about keeping the app and its records on this phone; they travel with Me. */
import { part } from "../../shared/i18n/index.svelte";

const zh = {
  title: "安装到主屏幕",
  why: "安装之后：空间不足或长期没打开时，浏览器不会清除还没发送的记录；没有信号也能直接打开；可以接收提醒。",
  ios: "在 Safari 里点“分享”，再点“添加到主屏幕”。",
  android: "在浏览器菜单里点“安装应用”或“添加到主屏幕”。",
  button: "安装",
  installed: "已安装在本机。",
};

const en: typeof zh = {
  title: "Put on the home screen",
  why: "Once installed, the browser keeps records that are not sent yet, even when space is short or the app was not opened for weeks; it opens without a signal, and can remind you.",
  ios: "In Safari press Share, then “Add to Home Screen”.",
  android: "In the browser's menu press “Install app” or “Add to Home screen”.",
  button: "Install",
  installed: "Installed on this phone.",
};

export const words = part(zh, en);
