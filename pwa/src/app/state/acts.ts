/** What records are called in the outbox and in reviews: the common words, and those of recalls and nonconformances. */
import { part, t } from "../../shared/i18n/index.svelte";

const own = part<Record<string, string>>(
  {
    "defect:confirm": "确认不合格",
    "defect:dismiss": "缺陷不成立",
    "ncr:assign": "确定责任方",
    "ncr:answer": "责任方答复",
    "ncr:cause": "原因分析",
    "ncr:act": "整改措施",
    "ncr:done": "措施完成",
    "ncr:check": "措施验证",
    "ncr:reinspect": "复查",
    "ncr:cost": "费用",
    "ncr:close": "不合格项关闭",
    "recall:open": "发起召回",
    "recall:acknowledge": "确认召回",
    "recall:dispose": "召回处置",
    "recall:close": "关闭召回",
    "supplier:approve": "批准供应商",
    "supplier:suspend": "暂停供应商",
    "supplier:merge": "合并供应商",
    "supplier:name": "供应商名称",
    "project:publish": "公开标签页",
    "fault:report": "公众报修",
  },
  {
    "defect:confirm": "Nonconformance",
    "defect:dismiss": "Defect not upheld",
    "ncr:assign": "Responsible side",
    "ncr:answer": "Answer",
    "ncr:cause": "Root cause",
    "ncr:act": "Action",
    "ncr:done": "Action done",
    "ncr:check": "Action checked",
    "ncr:reinspect": "Re-inspection",
    "ncr:cost": "Cost",
    "ncr:close": "Nonconformance closed",
    "recall:open": "Recall",
    "recall:acknowledge": "Recall read",
    "recall:dispose": "Recall: found",
    "recall:close": "Recall closed",
    "supplier:approve": "Supplier approved",
    "supplier:suspend": "Supplier suspended",
    "supplier:merge": "Suppliers merged",
    "supplier:name": "Supplier's other name",
    "project:publish": "Public label pages",
    "fault:report": "Fault reported",
  },
);

/** The kind of a record in words; the type itself when this version does not know it. */
export function actName(type: string): string {
  return (t().outbox.what as Record<string, string>)[type] ?? own()[type] ?? type;
}
