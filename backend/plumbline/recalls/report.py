"""The report of a recall as PDF: why, what was reached, the balance, each item, who knew, and how it closed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from pylopdf_fonts_zh_cn import sans_path
from sqlmodel import Session, col, select

from plumbline.definitions.catalogue import material_names
from plumbline.identity.models import Crew, Organization, Person
from plumbline.materials.models import Lot
from plumbline.materials.service import plain
from plumbline.problems import Lang
from plumbline.projects.models import Place, Project, TaskNode
from plumbline.recalls import balance
from plumbline.recalls.models import Recall, RecallAck, RecallDisposition, RecallItem
from plumbline.steps.models import StepRecord

if TYPE_CHECKING:
    from fpdf import FPDF

Line = Sequence[str]
_FONT = "sans"
WORDS: dict[str, dict[Lang, str]] = {
    "title": {"zh": "召回报告", "en": "Recall report"},
    "drill": {"zh": "演练：没有停用任何材料", "en": "Drill: nothing was stopped"},
    "reason": {"zh": "原因", "en": "Reason"},
    "opened": {"zh": "发起", "en": "Opened"},
    "closed": {"zh": "关闭", "en": "Closed"},
    "open": {"zh": "未关闭", "en": "still open"},
    "took": {"zh": "历时", "en": "Took"},
    "stopped": {"zh": "停用批次（无追溯时）", "en": "Lots stopped (without a trace)"},
    "elements": {"zh": "涉及部位（无追溯时）", "en": "Elements touched (without a trace)"},
    "balance": {"zh": "数量平衡", "en": "Balance"},
    "material": {"zh": "材料", "en": "Material"},
    "received": {"zh": "进场", "en": "Received"},
    "accounted": {"zh": "已交代", "en": "Accounted for"},
    "left": {"zh": "差额", "en": "Difference"},
    "difference": {"zh": "差额原因", "en": "Why the balance differs"},
    "items": {"zh": "去向", "en": "Where it was"},
    "lot": {"zh": "批次", "en": "Lot"},
    "where": {"zh": "部位或保管人", "en": "Element or holder"},
    "quantity": {"zh": "数量", "en": "Quantity"},
    "certain": {"zh": "确定性", "en": "Certainty"},
    "yes": {"zh": "确定", "en": "certain"},
    "maybe": {"zh": "可能", "en": "possible"},
    "decided": {"zh": "处理", "en": "Disposition"},
    "account": {"zh": "按记录", "en": "by record"},
    "people": {"zh": "已确认知悉", "en": "Acknowledged by"},
    "places": {"zh": "部位", "en": "places"},
}


def draw(session: Session, recall: Recall, lang: Lang) -> bytes:
    """The report as it stands now, A4. Times are UTC."""
    from fpdf import FPDF  # Loaded when the first report is drawn: it brings most of a second and its memory.

    def w(key: str) -> str:
        return WORDS[key][lang]

    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(True, 15)
    pdf.add_font(_FONT, "", sans_path())
    pdf.add_page()
    project = session.get(Project, recall.project_id)
    pdf.set_font(_FONT, size=16)
    pdf.cell(0, 10, f"{w('title')} {recall.code}", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(_FONT, size=9)
    name = (project.name_en if lang == "en" and project.name_en else project.name) if project else ""
    _table(pdf, (45, 145), [(name, w("drill") if recall.is_drill else ""), *_facts(session, recall, lang)])
    _head(pdf, w("balance"))
    sums = balance.sums(session, [recall.id])[recall.id]
    rows = [(w("material"), w("received"), w("accounted"), w("left"))]
    rows += [_sum(s, lang) for s in sums]
    _table(pdf, (85, 35, 35, 35), rows)
    if recall.difference:
        _table(pdf, (45, 145), [(w("difference"), recall.difference)])
    _head(pdf, w("items"))
    rows5 = [(w("lot"), w("where"), w("quantity"), w("certain"), w("decided"))]
    _table(pdf, (28, 62, 28, 22, 50), rows5 + _items(session, recall, lang))
    _head(pdf, w("people"))
    _table(pdf, (90, 100), _people(session, recall))
    return bytes(pdf.output())


def _facts(session: Session, recall: Recall, lang: Lang) -> list[tuple[str, str]]:
    opener = session.get(Person, recall.opened_by)
    closed = f"{recall.closed_at:%Y-%m-%d %H:%M} UTC" if recall.closed_at else WORDS["open"][lang]
    took = str(recall.closed_at - recall.opened_at).split(".")[0] if recall.closed_at else ""
    return [
        (WORDS["reason"][lang], recall.reason),
        (WORDS["opened"][lang], f"{recall.opened_at:%Y-%m-%d %H:%M} UTC · {opener.display_name if opener else ''}"),
        (WORDS["closed"][lang], f"{closed} {recall.close_note or ''}"),
        (WORDS["took"][lang], took),
        (WORDS["stopped"][lang], f"{recall.lots_stopped} ({recall.lots_without})"),
        (WORDS["elements"][lang], f"{recall.elements} ({recall.elements_without})"),
    ]


def _sum(s: balance.Sum, lang: Lang) -> tuple[str, str, str, str]:
    unit = s.unit if s.material else WORDS["places"][lang]
    name = material_names(s.material)[lang] if s.material else unit
    return name, f"{plain(s.received)} {unit}", f"{plain(s.accounted)} {unit}", f"{plain(s.open)} {unit}"


def _items(session: Session, recall: Recall, lang: Lang) -> list[tuple[str, str, str, str, str]]:
    of = (RecallItem.project_id == recall.project_id, RecallItem.recall_id == recall.id, RecallItem.quantity != 0)
    said: dict[UUID, list[str]] = {}
    live = select(RecallDisposition).where(
        RecallDisposition.recall_id == recall.id, col(RecallDisposition.void_act_id).is_(None)
    )
    for d in session.exec(live.order_by(col(RecallDisposition.at), col(RecallDisposition.id))):
        said.setdefault(d.item_id, []).append(f"{balance.WORDS[d.disposition][lang]} {plain(d.quantity)}")
    found = []
    wanted = select(RecallItem, Lot.code).join(Lot, col(Lot.id) == col(RecallItem.lot_id), isouter=True).where(*of)
    for item, code in session.exec(wanted.order_by(Lot.code, RecallItem.kind, col(RecallItem.id))):
        sure = WORDS["yes" if item.is_certain else "maybe"][lang]
        decided = ", ".join(said.get(item.id, [])) or (WORDS["account"][lang] if item.disposed else "")
        unit = item.unit if item.material else WORDS["places"][lang]
        found.append((code or "", _where(session, item, lang), f"{plain(item.quantity)} {unit}", sure, decided))
    return found


def _where(session: Session, item: RecallItem, lang: Lang) -> str:
    step = session.get(StepRecord, item.step_id) if item.step_id else None
    task = session.get(TaskNode, step.task_id) if step else None
    if task is not None:
        return f"{task.code} {task.name_en if lang == 'en' and task.name_en else task.name}"
    holder = (item.crew_id and session.get(Crew, item.crew_id)) or (item.place_id and session.get(Place, item.place_id))
    return (holder.name_en if lang == "en" and holder.name_en else holder.name) if holder else (item.column or "")


def _people(session: Session, recall: Recall) -> list[tuple[str, str]]:
    known = (
        select(Person.display_name, Organization.name, RecallAck.at)
        .join(RecallAck, col(RecallAck.person_id) == col(Person.id))
        .join(Organization, col(Organization.id) == col(RecallAck.organization_id), isouter=True)
        .where(RecallAck.recall_id == recall.id)
    )
    rows = session.exec(known.order_by(col(RecallAck.at), Person.display_name)).all()
    return [(f"{name} · {firm or ''}", f"{at:%Y-%m-%d %H:%M} UTC") for name, firm, at in rows] or [("–", "")]


def _head(pdf: "FPDF", text: str) -> None:
    pdf.ln(4)
    pdf.set_font(_FONT, size=12)
    pdf.cell(0, 8, text, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(_FONT, size=9)


def _table(pdf: "FPDF", widths: Sequence[int], rows: Sequence[Line]) -> None:
    with pdf.table(
        col_widths=tuple(widths), first_row_as_headings=False, line_height=6, borders_layout="HORIZONTAL_LINES"
    ) as table:
        for cells in rows:
            row = table.row()
            for cell in cells:
                row.cell(cell)
