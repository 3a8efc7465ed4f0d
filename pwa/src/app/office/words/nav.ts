/** The words of the left rail, which travel with the shell; the screens' own words come with the screens. */
import { part } from "../../../shared/i18n/index.svelte";

export const rail = part(
  {
    inbox: "审批",
    overview: "总览",
    quality: "质量",
    tasks: "任务",
    materials: "材料",
    trace: "追溯",
    map: "地图",
    defects: "缺陷",
    recalls: "召回",
    elements: "实体查询",
    labels: "标签",
    quarantine: "被拒记录",
    open: (n: number) => `${n} 条待处理`,
    people: "人员",
    settings: "设置",
  },
  {
    inbox: "Inbox",
    overview: "Overview",
    quality: "Quality",
    tasks: "Tasks",
    materials: "Materials",
    trace: "Trace",
    map: "Map",
    defects: "Defects",
    recalls: "Recalls",
    elements: "Inspect",
    labels: "Labels",
    quarantine: "Refused",
    open: (n: number) => `${n} open`,
    people: "People",
    settings: "Settings",
  },
);
