/** Words for files that are played, and for copies with marks, wherever files of a record are shown. */
import { part } from "../i18n/index.svelte";

const zh = {
  video: "视频",
  voice: "语音备注",
  marked: "标注副本",
  markedOf: (hash: string) => `副本，原图 SHA-256 ${hash}`,
  play: (size: string) => `播放（${size}）`,
  loading: "正在取得文件…",
  offline: "文件在服务器上，有信号时可以播放。",
  notYet: "文件还没有到服务器，暂时不能播放。",
  unplayable: "本浏览器放不了这种格式，请下载原文件。",
};

const en: typeof zh = {
  video: "Video",
  voice: "Voice note",
  marked: "Marked copy",
  markedOf: (hash) => `Copy of the original SHA-256 ${hash}`,
  play: (size) => `Play (${size})`,
  loading: "Fetching the file…",
  offline: "The file is at the server; it can be played when there is a signal.",
  notYet: "The file is not at the server yet and cannot be played.",
  unplayable: "This browser cannot play the format; download the original.",
};

export const mediaWords = part(zh, en);

const MARKUP_OF = "markup:";

/** The hash of the original that a marked copy names by its role; "" for any other file. */
export function originalOf(role: string): string {
  return role.startsWith(MARKUP_OF) ? role.slice(MARKUP_OF.length) : "";
}

/** What a file is by its role and type, when no plan says what it shows; "" for a photo or paper. */
export function kindOf(file: { role: string; mime: string }): string {
  if (originalOf(file.role)) return mediaWords().marked;
  if (file.mime.startsWith("audio/")) return mediaWords().voice;
  return file.mime.startsWith("video/") ? mediaWords().video : "";
}

export function isPlayed(mime: string): boolean {
  return /^(audio|video)\//.test(mime);
}
