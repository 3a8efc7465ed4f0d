"""Who works on the two sample sites: organizations, people with their roles, crews. All of them are invented.

Tables only. Short names (first column) are how the rest of the sample speaks of somebody.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Organization:
    """One company or authority."""

    key: str
    name: str
    name_en: str | None
    kind: str


@dataclass(frozen=True)
class Member:
    """One person on a site. `login`: only those who sign in have one; `title` is printed beside it in zh and en."""

    key: str
    name: str
    organization: str
    roles: tuple[str, ...]
    crew: str | None = None
    login: str = ""
    title: str = ""


@dataclass(frozen=True)
class Crew:
    """One crew of an organization."""

    key: str
    name: str
    name_en: str | None
    organization: str
    trade: str


ADMINISTRATOR = Member(
    "admin", "周敏 Zhou Min", "contractor", ("administrator",), login="admin", title="管理员 administrator (A, B)"
)

TOWER_ORGANIZATIONS = (
    Organization("owner", "滨江置业有限公司", "Binjiang Property Co.", "owner"),
    Organization("contractor", "沪建第三工程公司", "Hujian No. 3 Construction", "contractor"),
    Organization("labour", "皖力建筑劳务有限公司", "Wanli Labour Subcontracting", "subcontractor"),
    Organization("supervision", "申正工程监理公司", "Shenzheng Supervision", "supervisor"),
    Organization("laboratory", "浦城建材检测中心", "Pucheng Materials Testing Centre", "laboratory"),
    Organization("authority", "区建设工程质量监督站", "District Quality Supervision Station", "authority"),
    Organization("steel", "申钢物资贸易公司", "Shengang Steel Trading", "supplier"),
    Organization("readymix", "浦东塘桥混凝土有限公司", "Tangqiao Ready-mixed Concrete", "supplier"),
    Organization("couplers", "瑞连建筑连接件公司", "Ruilian Rebar Couplers", "supplier"),
    Organization("cement", "东海水泥销售公司", "Donghai Cement", "supplier"),
)
TOWER_CREWS = (
    Crew("rebar1", "钢筋一班", "Rebar crew 1", "labour", "rebar"),
    Crew("rebar2", "钢筋二班", "Rebar crew 2", "labour", "rebar"),
    Crew("forms", "木工班", "Formwork crew", "labour", "formwork"),
    Crew("concrete", "混凝土班", "Concrete crew", "labour", "concrete"),
)
TOWER_PEOPLE = (
    Member("pm", "王建国", "contractor", ("project_manager",), login="wang.pm", title="项目经理 project manager A"),
    Member("foreman", "李伟", "contractor", ("foreman",), login="li.foreman", title="施工员 foreman A"),
    Member("tech", "郑海涛", "contractor", ("technical_lead",)),
    Member("keeper", "陈静", "contractor", ("material_keeper",), login="chen.keeper", title="材料员 material keeper A"),
    Member("store", "何桂兰", "contractor", ("storekeeper",)),
    Member("qc", "刘洋", "contractor", ("contractor_qc",), login="liu.qc", title="质检员 quality control A"),
    Member("sampler", "孙悦", "contractor", ("sampler",)),
    Member("surveyor", "韩磊", "contractor", ("surveyor",)),
    Member("rebar_lead", "张强", "labour", ("crew_leader",), "rebar1"),
    Member("rebar_lead2", "马金宝", "labour", ("crew_leader",), "rebar2"),
    Member("forms_lead", "吴德明", "labour", ("crew_leader",), "forms"),
    Member("concrete_lead", "徐长生", "labour", ("crew_leader",), "concrete"),
    Member("bar_man", "赵小军", "labour", ("crew",), "rebar1"),
    Member("bar_man2", "钱志远", "labour", ("crew",), "rebar2"),
    Member("poker_man", "田大勇", "labour", ("crew",), "concrete"),
    Member("supervisor", "赵磊", "supervision", ("supervisor",)),
    Member("clerk", "丁雪", "supervision", ("supervision_clerk", "witness")),
    Member("lab", "沈佳", "laboratory", ("lab",)),
    Member("inspector", "顾海燕", "authority", ("inspector",), login="gu.inspector", title="质监员 inspector A"),
    Member("dealer", "黄志强", "steel", ("supplier",)),
)

PIER_ORGANIZATIONS = (
    Organization("owner", "Northgate Highways Authority", None, "owner"),
    Organization("contractor", "Harlow & Dene Civil Engineering", None, "contractor"),
    Organization("labour", "Wearside Steelfixing", None, "subcontractor"),
    Organization("supervision", "Calder Resident Engineers", None, "supervisor"),
    Organization("laboratory", "Tees Materials Laboratory", None, "laboratory"),
    Organization("authority", "Bridges Inspectorate North", None, "authority"),
    Organization("rebar", "Redcar Reinforcement Supplies", None, "supplier"),
    Organization("readymix", "Northgate Readymix", None, "supplier"),
)
PIER_CREWS = (
    Crew("fixers", "Steelfixers", None, "labour", "rebar"),
    Crew("piling", "Piling gang", None, "contractor", "piling"),
    Crew("concrete", "Concrete gang", None, "contractor", "concrete"),
)
PIER_PEOPLE = (
    Member(
        "pm", "Sarah Whitfield", "contractor", ("project_manager",), login="whitfield.pm", title="project manager B"
    ),
    Member("foreman", "Tom Okafor", "contractor", ("foreman",), login="okafor.foreman", title="foreman B"),
    Member("tech", "Priya Nair", "contractor", ("technical_lead",)),
    Member("keeper", "Alan Reid", "contractor", ("material_keeper", "storekeeper")),
    Member("qc", "Ewa Nowak", "contractor", ("contractor_qc",)),
    Member("fixer_lead", "Craig Dobson", "labour", ("crew_leader",), "fixers"),
    Member("piling_lead", "Mick Brannigan", "contractor", ("crew_leader",), "piling"),
    Member("concrete_lead", "Luca Ferri", "contractor", ("crew_leader",), "concrete"),
    Member("poker_man", "Jordan Pike", "contractor", ("crew",), "concrete"),
    Member("supervisor", "Fiona Calder", "supervision", ("supervisor",)),
    Member("lab", "Owen Hughes", "laboratory", ("lab",)),
    Member("inspector", "Helen Marsh", "authority", ("inspector",), login="marsh.inspector", title="inspector B"),
)
