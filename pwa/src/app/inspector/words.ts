/** Words of the state of an element: what is open, and what the ledger holds. */
import { part } from "../../shared/i18n/index.svelte";
import { plural } from "../office/words/en";

const zh = {
  state: "现状",
  records: "工序记录",
  approved: (n: number, all: number) => `${all} 条中 ${n} 条已通过`,
  openResults: "未出结果",
  none: "没有",
  due: (kind: string, day: string) => `${kind}，${day} 出结果`,
  noDue: (kind: string) => `${kind}，未定日期`,
  late: (kind: string, day: string) => `${kind}，应于 ${day} 出结果，已超期`,
  openDefects: "未关闭的缺陷",
  stopped: "停用的批次",
  ledger: "存证链",
  atServer: (n: number, all: number) => `${all} 条记录中 ${n} 条已由服务器签收编号`,
  files: (n: number, all: number) => `${all} 个文件中 ${n} 个已核对哈希`,
  photosOf: (day: string, n: number) => `${day}，${n} 张`,
};

const en: typeof zh = {
  state: "State",
  records: "Step records",
  approved: (n, all) => `${n} of ${all} approved`,
  openResults: "Open results",
  none: "None",
  due: (kind, day) => `${kind}, due on ${day}`,
  noDue: (kind) => `${kind}, no day set`,
  late: (kind, day) => `${kind}, was due on ${day}: late`,
  openDefects: "Open defects",
  stopped: "Stopped lots",
  ledger: "Ledger",
  atServer: (n, all) => `${n} of ${plural(all, "record", "records")} received and numbered by the server`,
  files: (n, all) => `${n} of ${plural(all, "file", "files")} checked against the hash`,
  photosOf: (day, n) => `${day}, ${plural(n, "photo", "photos")}`,
};

export const ew = part(zh, en);
