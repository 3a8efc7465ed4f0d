/** Words of messages (Web Push) and of the page that says which phones still hold evidence. */
import { part } from "../../shared/i18n/index.svelte";

const zh = {
  section: "消息提醒",
  label: "在这台设备上接收消息",
  note: "审批结果、退回、提问，以及照片未发送时提醒。锁屏上不显示人名。",
  missing: "此浏览器不支持消息提醒。iPhone 请先把应用添加到主屏幕。",
  blocked: "浏览器已禁止通知。请在浏览器的网站设置中允许通知，然后重试。",
  failed: "未能打开消息提醒。请检查网络后重试。",
  holding: "未到齐的证据",
  holdingText: "这些设备的记录已到服务器，但照片或文件还没有到。在到齐之前，请勿清除或更换这些手机。",
  holdingNone: "没有缺少的文件",
  holdingNoneText: "所有已收到的记录，其照片和文件均已核验。",
  files: (n: number) => `缺 ${n} 个文件`,
  acts: (n: number) => `${n} 条记录`,
  since: (at: string) => `最早收到：${at}`,
  contact: (age: string) => `最近联系：${age}`,
  never: "从未联系",
  revoked: "设备已停用：文件无法再从这台设备登录发送，请当面导出。",
  remind: "提醒",
  remindWho: (name: string) => `提醒 ${name}`,
  reminded: "已发送提醒",
  noMessages: "未开启消息提醒，请直接联系本人。",
  others: (n: number) => `另有 ${n} 条记录`,
  kinds: { step: "工序记录", lot: "批次", certificate: "质量证明书", defect: "缺陷", other: "记录" },
};

const en: typeof zh = {
  section: "Messages",
  label: "Messages on this device",
  note: "Decisions, questions, and photos that were not sent. No person's name on the locked screen.",
  missing: "This browser takes no messages. On an iPhone, add the app to the home screen first.",
  blocked: "The browser blocks notifications. Allow them in its settings for this site, then try again.",
  failed: "Messages could not be switched on. Check the connection and try again.",
  holding: "Evidence on phones",
  holdingText: "Records of these devices are at the server; photos or files of them are not. Do not wipe or replace these phones yet.",
  holdingNone: "No file is missing",
  holdingNoneText: "Of every record that came in, all photos and files are verified.",
  files: (n) => (n === 1 ? "1 file missing" : `${n} files missing`),
  acts: (n) => (n === 1 ? "1 record" : `${n} records`),
  since: (at) => `Oldest received ${at}`,
  contact: (age) => `Last contact ${age}`,
  never: "never in contact",
  revoked: "The device is stopped: it can send nothing by itself. Export its files by hand.",
  remind: "Remind",
  remindWho: (name) => `Remind ${name}`,
  reminded: "Reminder sent",
  noMessages: "Takes no messages. Call the person.",
  others: (n) => (n === 1 ? "and 1 more record" : `and ${n} more records`),
  kinds: { step: "Step record", lot: "Lot", certificate: "Certificate", defect: "Defect", other: "Record" },
};

export const pushWords = part(zh, en);
