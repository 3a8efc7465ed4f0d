/** Words of the shared phone. */
import { part } from "../../shared/i18n/index.svelte";

const zh = {
  title: "多人共用本机",
  lead: "设置 PIN 后可把手机交给他人：您的登录会锁在本机，未发送的记录仍以您的名义保留，等您回来再发送。",
  pin: "PIN（4 至 8 位数字）",
  set: "设置 PIN",
  change: "修改 PIN",
  isSet: "PIN 已设置。",
  handOver: "交给他人",
  handOverNote: "锁定我的登录。未发送的记录等我解锁后继续发送。",
  malformed: "PIN 须为 4 至 8 位数字。",
  who: "谁在使用这部手机？",
  whoLead: "选择姓名，输入 PIN。",
  pinOf: (name: string) => `${name} 的 PIN`,
  unlock: "解锁",
  wrong: "PIN 不正确。",
  wait: (seconds: number) => `PIN 不正确。请等 ${seconds} 秒后再试。`,
  noneLeft: "PIN 输错次数过多，请用密码登录。",
  other: "其他人登录",
};

const en: typeof zh = {
  title: "Shared phone",
  lead: "With a PIN you can hand the phone to somebody else: your sign-in is locked on this phone, and what is unsent stays under your name until you are back.",
  pin: "PIN (4 to 8 digits)",
  set: "Set the PIN",
  change: "Change the PIN",
  isSet: "Your PIN is set.",
  handOver: "Hand over",
  handOverNote: "Locks my sign-in. What is unsent goes on when I unlock it.",
  malformed: "A PIN has 4 to 8 digits.",
  who: "Who is using this phone?",
  whoLead: "Choose your name and type your PIN.",
  pinOf: (name) => `PIN of ${name}`,
  unlock: "Unlock",
  wrong: "The PIN is not right.",
  wait: (seconds) => `The PIN is not right. Try again in ${seconds} seconds.`,
  noneLeft: "Too many wrong PINs. Sign in with the password.",
  other: "Sign in as somebody else",
};

export const words = part(zh, en);
