"""Five weeks at the tower: seventh floor poured, eighth cured, ninth in work; one truck whose cubes fail at 28 days.

Truck k2 went into walls 7F-W2 and 7F-W3 and column 7F-C1. Its cubes fail the day before today, and today the
inspector finds a crack in 7F-W2.
"""

from typing import Any

from plumbline.sample.rows import Delivery, Found, Making, Movement, Paper, Story, Trial, Work

_BARS: dict[str, Any] = {"who": "keeper", "material": "rebar_ribbed_cn", "grade": "HRB400E", "unit": "t"}
_BARS |= {"supplier": "steel", "place": "yard"}
_TRUCK: dict[str, Any] = {"who": "foreman", "material": "concrete_readymix_cn", "size": None, "unit": "m3"}
_TRUCK |= {"supplier": "readymix", "place": "gate", "manufacturer": "塘桥搅拌站"}
_CHECKED = ("k2", "k9", "k4", "k5", "k7")  # Trucks whose note the step of the check shows.
_JH, _WJ = "江海钢铁有限公司", "皖江钢铁集团"


def _truck(key: str, day: int, clock: str, quantity: str, note: str, plate: str, grade: str = "C35") -> Delivery:
    return Delivery(
        key, day, clock, grade=grade, quantity=quantity, delivery_note=f"TQ-{note}", vehicle=f"沪D·{plate}",
        batch_no=f"PHB-{grade}-{note[:4]}", produced=day, photo="delivery_note" if key in _CHECKED else None, **_TRUCK,
    )  # fmt: skip


DELIVERIES = (
    Delivery("r12", 38, "09:12", size="12", quantity="24.86", manufacturer=_JH, heat_no="J2609-3174",
             batch_no="3174-02", delivery_note="SG-20261", vehicle="苏E·88J21", produced=52, **_BARS),
    Delivery("r16", 38, "09:40", size="16", quantity="31.42", manufacturer=_JH, heat_no="J2609-3188",
             batch_no="3188-01", delivery_note="SG-20261", vehicle="苏E·88J21", produced=52, **_BARS),
    Delivery("r20", 37, "10:25", size="20", quantity="28.05", manufacturer=_WJ, heat_no="W26A10452",
             batch_no="W10452-3", delivery_note="SG-20274", vehicle="皖B·5K709", produced=49, **_BARS),
    Delivery("r25", 37, "10:50", size="25", quantity="19.6", manufacturer=_WJ, heat_no="W26A10467",
             batch_no="W10467-1", delivery_note="SG-20274", vehicle="皖B·5K709", produced=49, **_BARS),
    Delivery("r12b", 2, "14:05", size="12", quantity="22.3", manufacturer=_WJ, heat_no="W26B10533",
             batch_no="W10533-2", delivery_note="SG-20398", vehicle="皖B·6M118", produced=15, **_BARS),
    Delivery("r16b", 1, "16:20", **{**_BARS, "who": "dealer"}, size="16", quantity="30", manufacturer=_JH,
             heat_no="J2611-4021", act="lot:announce", photo=None),
    Delivery("cp25", 14, "11:00", "keeper", "rebar_coupler_cn", "I", "25", "500", "pcs", "couplers", "depot",
             manufacturer="瑞连", batch_no="RL-2610-25", delivery_note="RL-7741", produced=30, photo=None),
    Delivery("cem", 10, "15:30", "store", "cement_cn", "P·O", "42.5", "30", "t", "cement", "depot",
             manufacturer="东海水泥厂", batch_no="DH-PO425-1107", delivery_note="DH-55102", produced=16, photo=None),
    Delivery("cem2", 9, "10:10", "store", "cement_cn", "P·O", "42.5", "28", "t", "cement", "depot",
             manufacturer="东海水泥厂", batch_no="DH-PO425-1113", delivery_note="DH-55140", produced=13, photo=None),
    _truck("k1", 29, "07:30", "12", "1024-011", "7K312"),
    _truck("k2", 29, "08:35", "12", "1024-014", "7K318"),
    _truck("k3", 28, "08:10", "8", "1025-006", "2M740"),
    _truck("k9", 10, "13:05", "14", "1112-021", "9B065"),
    _truck("k4", 9, "07:40", "12", "1113-004", "7K312"),
    _truck("k5", 9, "09:05", "12", "1113-009", "3T228"),
    _truck("k6", 8, "08:15", "8", "1114-003", "2M740"),
    _truck("k7", 5, "07:20", "12", "1117-002", "7K318", "C30"),
    _truck("k8", 5, "08:25", "12", "1117-005", "3T228", "C30"),
    _truck("k10", 5, "10:05", "2", "1117-011", "2M740", "C30"),
)  # fmt: skip
# A silo of two cement batches, and a precast stair of concrete and a cage: material that mixed, and a lot made of lots.
MAKINGS = (
    Making(8, "09:00", "store", "lot:mix", "silo", (("cem", "12", "t"), ("cem2", "10", "t")), "depot"),
    Making(6, "15:00", "rebar_lead", "assembly:make", "cage", (("r20", "0.18", "t"),), "yard",
           "rebar_cage_cn", "2", "pcs"),
    Making(5, "10:40", "foreman", "assembly:make", "stair", (("k10", "0.9", "m3"), ("cage", "1", "pcs")), "yard",
           "precast_element_cn", "1", "pcs", "YZ-LT-001"),
)  # fmt: skip
_HEAD = ("炉号", "规格 mm", "ReL MPa", "Rm MPa", "A %", "Agt %", "质量 t")
PAPERS = (
    Paper(38, "10:10", "keeper", "quality_certificate", "JH-2026-09-1187", "钢筋产品质量证明书", _JH,
          "GB/T 1499.2", ("r12", "r16"), ("J2609-3174", "J2609-3188"),
          (_HEAD, ("J2609-3174", "Φ12", "438", "592", "24", "12.5", "24.86"),
           ("J2609-3188", "Φ16", "441", "601", "23", "12.1", "31.42"))),
    Paper(37, "11:20", "keeper", "quality_certificate", "WJ-26-40518", "钢筋产品质量证明书", _WJ,
          "GB/T 1499.2", ("r20", "r25"), ("W26A10452", "W26A10467"),
          (_HEAD, ("W26A10452", "Φ20", "446", "608", "22", "11.8", "28.05"),
           ("W26A10467", "Φ25", "452", "615", "22", "11.4", "19.60"))),
    Paper(2, "14:30", "keeper", "quality_certificate", "WJ-26-47733", "钢筋产品质量证明书", _WJ,
          "GB/T 1499.2", ("r12b",), ("W26B10533",),
          (_HEAD, ("W26B10533", "Φ12", "447", "603", "23", "12.0", "22.30"))),
    Paper(14, "11:40", "keeper", "product_certificate", "RL-HG-2610-25", "钢筋连接套筒产品合格证", "瑞连",
          "JG/T 163", ("cp25",), (),
          (("批号", "规格", "型式检验报告", "等级", "数量"), ("RL-2610-25", "Φ25", "NCTC-26-0871", "I", "500"))),
    Paper(29, "12:10", "keeper", "delivery_note_and_certificate", "TQ-HG-261024", "预拌混凝土出厂合格证",
          "塘桥混凝土有限公司", "GB/T 14902", ("k1", "k2"), (),
          (("车次", "等级", "配合比", "坍落度 mm", "方量 m³"), ("011", "C35", "PHB-C35-1024", "180±30", "12"),
           ("014", "C35", "PHB-C35-1024", "180±30", "12"))),
)  # fmt: skip


def _pull(yield_mpa: str, tensile_mpa: str, elongation: str) -> tuple[tuple[str, str, str], ...]:
    return ("ReL", yield_mpa, "MPa"), ("Rm", tensile_mpa, "MPa"), ("Agt", elongation, "%")


def _cube(mpa: str) -> tuple[tuple[str, str, str], ...]:
    return (("compressive_28d", mpa, "MPa"),)


TRIALS = (
    Trial(34, "16:00", "r12", "retest", "pass", "PC-G-26-2207", 37, 35, values=_pull("435", "588", "12.2")),
    Trial(34, "16:10", "r16", "retest", "pass", "PC-G-26-2208", 37, 35, values=_pull("439", "596", "11.9")),
    Trial(33, "15:30", "r20", "retest", "pass", "PC-G-26-2231", 36, 34, values=_pull("444", "604", "11.6")),
    Trial(33, "15:40", "r25", "retest", "pass", "PC-G-26-2232", 36, 34, values=_pull("449", "611", "11.2")),
    Trial(1, "10:00", "r12b", "retest", "pending", None, 1, due=-2),
    Trial(1, "14:40", "k1", "strength_28d", "pass", "PC-H-26-5180", 29, 1, 1, _cube("39.4")),
    Trial(1, "15:05", "k2", "strength_28d", "fail", "PC-H-26-5181", 29, 1, 1, _cube("27.8")),
    Trial(1, "15:20", "k4", "strength_28d", "pending", None, 9, due=-19),
    Trial(1, "15:21", "k5", "strength_28d", "pending", None, 9, due=-19),
)
_CUTS, _REST = "切头短料，已称重", "车内余料，退站清洗"
MOVEMENTS = (
    Movement(33, "16:30", "qc", "lot:release", "r12", reason="证书与复试合格"),
    Movement(33, "16:31", "qc", "lot:release", "r16", reason="证书与复试合格"),
    Movement(33, "16:32", "qc", "lot:release", "r20", reason="证书与复试合格"),
    Movement(33, "16:33", "qc", "lot:release", "r25", reason="证书与复试合格"),
    Movement(33, "17:00", "store", "lot:issue", "r12", "9", "r12.a", "rebar1"),
    Movement(33, "17:05", "store", "lot:issue", "r16", "10", "r16.a", "rebar1"),
    Movement(33, "17:10", "store", "lot:issue", "r25", "6", "r25.a", "rebar2"),
    Movement(29, "12:30", "foreman", "lot:scrap", "k1", "0.4", reason=_REST),
    Movement(29, "12:35", "foreman", "lot:scrap", "k2", "0.2", reason=_REST),
    Movement(28, "11:30", "foreman", "lot:scrap", "k3", "0.2", reason=_REST),
    Movement(14, "07:30", "store", "lot:split", "r16", "12", "r16.p"),
    Movement(14, "08:10", "store", "lot:move", "r16.p", to="shed"),
    Movement(14, "08:30", "store", "lot:issue", "r16.p", "7.5", "r16.b", "rebar1"),
    Movement(14, "08:40", "store", "lot:issue", "r12", "8.4", "r12.b", "rebar1"),
    Movement(14, "08:50", "store", "lot:issue", "r25", "5.2", "r25.b", "rebar2"),
    Movement(13, "17:20", "store", "lot:issue", "r20", "9", "r20.a", "rebar2"),
    Movement(12, "17:30", "rebar_lead", "lot:return", "r12.a", "0.62", "r12.r", "yard"),
    Movement(10, "15:40", "foreman", "lot:scrap", "k9", "0.4", reason=_REST),
    Movement(9, "12:40", "foreman", "lot:scrap", "k4", "0.3", reason=_REST),
    Movement(9, "12:45", "foreman", "lot:scrap", "k5", "0.4", reason=_REST),
    Movement(8, "10:30", "keeper", "lot:scrap", "r20", "0.126", reason=_CUTS),
    Movement(8, "11:40", "foreman", "lot:scrap", "k6", "0.2", reason=_REST),
    Movement(5, "11:40", "foreman", "lot:scrap", "k8", "0.4", reason=_REST),
    Movement(5, "11:50", "foreman", "lot:scrap", "k10", "1.1", reason=_REST),
    Movement(3, "08:00", "store", "lot:issue", "cp25", "120", "cp25.a", "rebar2"),
    Movement(2, "14:50", "qc", "lot:hold", "r12b", reason="复试未出结果，不得使用"),
)

_FIX: dict[str, Any] = {"kind": "rebar_installation.fixing", "who": "rebar_lead", "crew": "rebar1"}
_FIX |= {"people": ("rebar_lead", "bar_man"), "method": "绑扎搭接", "minutes": 150}
_FIX2 = _FIX | {"who": "rebar_lead2", "crew": "rebar2", "people": ("rebar_lead2", "bar_man2"), "method": "直螺纹连接"}
_HIDE: dict[str, Any] = {"kind": "rebar_installation.hidden_acceptance", "who": "qc", "people": ("rebar_lead",)}
_FORM: dict[str, Any] = {
    "kind": "formwork.erection",
    "who": "forms_lead",
    "crew": "forms",
    "method": "木胶合板+双钢管背楞",
}
_SIZE: dict[str, Any] = {"kind": "formwork.dimension_check", "who": "qc", "equipment": ("level",)}
_TAKE: dict[str, Any] = {"kind": "concrete_pour.delivery_check", "who": "sampler", "equipment": ("slump", "thermo")}
_POUR: dict[str, Any] = {"kind": "concrete_pour.pouring", "who": "concrete_lead", "crew": "concrete", "minutes": 50}
_POUR |= {"people": ("concrete_lead", "poker_man"), "equipment": ("pump", "poker1"), "method": "汽车泵泵送，分层振捣"}
_CURE: dict[str, Any] = {"kind": "curing.daily", "who": "concrete_lead", "crew": "concrete", "equipment": ("thermo",)}
_LOOK: dict[str, Any] = {"kind": "concrete_pour.dimension_appearance", "who": "qc", "equipment": ("level",)}


def _wall(sublot: str, thin: str, thick: str) -> dict[str, Any]:
    return {"lots": ((f"r12.{sublot}", thin), (f"r16.{sublot}", thick))}


SEVENTH = (
    Work(32, "09:10", "T1-7F-W1", **_wall("a", "0.86", "1.24"), **_FIX),
    Work(32, "14:20", "T1-7F-W2", photos=("tape:e4",), **_wall("a", "0.91", "1.31"), **_FIX),
    Work(31, "10:05", "T1-7F-W3", **_wall("a", "0.88", "1.18"), **_FIX),
    Work(31, "15:40", "T1-7F-C1", lots=(("r25.a", "0.95"),), **_FIX2),
    Work(30, "09:30", "T1-7F-W2", photos=("wall_rebar:e1",), lots=(), **_HIDE),
    Work(29, "08:40", "T1-7F-W2", photos=("k2:e1", "slump:e2"), of_lot="k2", minutes=10, **_TAKE),
    Work(29, "07:50", "T1-7F-W1", photos=("pour:e1",), lots=(("k1", "7"),), **_POUR),
    Work(29, "08:55", "T1-7F-W2", photos=("pour:e1",), lots=(("k1", "4.6"), ("k2", "3.2")), **_POUR),
    Work(29, "10:00", "T1-7F-W3", lots=(("k2", "6.4"),), **_POUR),
    Work(29, "11:10", "T1-7F-C1", lots=(("k2", "2.2"),), **_POUR),
    Work(28, "08:30", "T1-7F-W4", lots=(("k3", "6.8"),), **_POUR),
    Work(28, "10:00", "T1-7F-C2", lots=(("k3", "1"),), **_POUR),
    Work(21, "10:30", "T1-7F-W2", photos=("struck:e1", "struck:e1", "struck:e1", "struck:e1"), **_LOOK),
)
EIGHTH = (
    Work(13, "08:40", "T1-8F-W1", photos=("wall_rebar:e1",), **_wall("b", "0.86", "1.24"), **_FIX),
    Work(13, "13:30", "T1-8F-W2", photos=("wall_rebar:e1",), **_wall("b", "0.91", "1.31"), **_FIX),
    Work(12, "09:00", "T1-8F-W3", photos=("tape:e4",), **_wall("b", "0.88", "1.18"), **_FIX,
         answers={"spacing": {"value": ["168", "171", "149", "165", "152"], "design": "150"}},
         decision=("reject", "8/B轴间竖向筋间距超差（168、171 mm），请调整后重新报验")),
    Work(12, "14:10", "T1-8F-C1", lots=(("r25.b", "0.95"),), **_FIX2),
    Work(12, "16:30", "T1-8F-W1", photos=("wall_rebar:e1",), **_HIDE),
    Work(11, "08:20", "T1-8F-W3", photos=("tape:e4",), **_wall("b", "0.88", "1.18"), **_FIX, corrects=True,
         note="已按要求调整间距，复量合格"),
    Work(11, "10:10", "T1-8F-W2", photos=("wall_rebar:e1",), **_HIDE),
    Work(11, "13:00", "T1-8F-W1", photos=("formwork:e2",), **_FORM),
    Work(11, "15:20", "T1-8F-W2", **_FORM),
    Work(10, "09:00", "T1-8F-W1", photos=("formwork:e1",), **_SIZE, answers={"flatness": ["4", "7", "3"]},
         decision=("ask", "平整度一处 7 mm，请补拍靠尺照片并说明整改")),
    Work(10, "09:50", "T1-8F-W2", **_SIZE),
    Work(10, "13:10", "T1-RAFT-A", photos=("k9:e1",), of_lot="k9", minutes=10, **_TAKE,
         answers={"concrete_temp": "31.5", "mass_concrete": True}),
    Work(10, "13:40", "T1-RAFT-A", photos=("pour:e1",), lots=(("k9", "13.6"),), **_POUR, late_min=95),
    Work(10, "17:00", "T1-8F", kind="concrete_pour.pour_permit", who="tech"),
    Work(9, "07:50", "T1-8F-W1", photos=("k4:e1", "slump:e2"), of_lot="k4", minutes=10, **_TAKE),
    Work(9, "09:10", "T1-8F-W2", photos=("k5:e1",), of_lot="k5", minutes=10, **_TAKE),
    Work(9, "08:05", "T1-8F-W1", photos=("pour:e1",), lots=(("k4", "7"),), **_POUR),
    Work(9, "09:20", "T1-8F-W2", photos=("vibrate:e2",), lots=(("k4", "4.7"), ("k5", "2.9")), **_POUR),
    Work(9, "10:30", "T1-8F-W3", lots=(("k5", "6.5"),), **_POUR, answers={"free_fall": "6.4"}),
    Work(9, "11:40", "T1-8F-C1", lots=(("k5", "2.2"),), **_POUR),
    Work(9, "11:00", "T1-8F-W2", kind="concrete_pour.specimens", who="sampler", people=("clerk",),
         photos=("cubes:e1",)),
    Work(8, "08:30", "T1-8F-W4", lots=(("k6", "6.8"),), **_POUR),
    Work(8, "10:10", "T1-8F-C2", lots=(("k6", "1"),), **_POUR),
    Work(8, "09:40", "T1-8F-W1", **{**_CURE, "kind": "curing.start"}, photos=("curing:e1",), method="带模浇水养护"),
    Work(7, "09:00", "T1-8F-W1", **_CURE),
    Work(6, "09:00", "T1-8F-W1", **_CURE),
    Work(5, "09:30", "T1-8F-W1", **_CURE, answers={"moist": False}, note="西侧局部偏干，已补水"),
    Work(7, "10:00", "T1-8F-S1", photos=("slab_rebar:e1",), lots=(("r12.b", "2.1"), ("r20.a", "1.6")), **_FIX),
    Work(6, "15:00", "T1-8F-S1", photos=("slab_rebar:e1",), **_HIDE),
    Work(5, "07:30", "T1-8F-S1", photos=("k7:e1", "slump:e2"), of_lot="k7", minutes=10, **_TAKE),
    Work(5, "08:40", "T1-8F-S1", photos=("pour:e1",), lots=(("k7", "12"), ("k8", "11.6")), **_POUR),
    Work(5, "15:10", "T1-8F-W1", photos=("struck:e1",), **_LOOK),
    Work(4, "10:40", "T1-8F-W2", photos=("struck:e2",), **_LOOK,
         answers={"level": {"value": ["23166", "23145", "23158"], "design": "23150"}},
         decision=("reject", "顶标高一处高出 16 mm，请打磨处理后复测")),
    Work(4, "09:00", "T1-8F-S1", **{**_CURE, "kind": "curing.start"}, method="覆膜浇水养护"),
    Work(3, "09:00", "T1-8F-S1", **_CURE, photos=("curing:e1",)),
    Work(2, "09:00", "T1-8F-S1", **_CURE),
    Work(1, "09:00", "T1-8F-S1", **_CURE, photos=("curing:e1",)),
)  # fmt: skip
NINTH = (
    Work(4, "14:00", "T1-9F-W1", kind="rebar_installation.setting_out", who="surveyor", equipment=("station",)),
    Work(3, "08:30", "T1-9F-W1", photos=("wall_rebar:e1",), **_wall("b", "0.86", "1.24"), **_FIX),
    Work(2, "08:30", "T1-9F-W2", photos=("wall_rebar:e1",), **_wall("b", "0.91", "1.31"), **_FIX),
    Work(2, "13:20", "T1-REBAR-9F", kind="rebar_splice.assembly", who="rebar_lead2", crew="rebar2",
         people=("bar_man2",), equipment=("torque",), lots=(("cp25.a", "24"),), photos=("coupler:e1",)),
    Work(2, "15:40", "T1-9F-W1", photos=("wall_rebar:e1",), **_HIDE),
    Work(1, "10:20", "T1-REBAR-9F", kind="rebar_splice.torque_check", who="qc", equipment=("torque",),
         photos=("wrench:e1",), decision=None),
    Work(1, "13:00", "T1-9F-W1", photos=("props:e1",), **_FORM),
    Work(1, "15:30", "T1-9F-C1", photos=("wall_rebar:e1", "coupler:e2"), lots=(("r25.b", "0.95"),), **_FIX2,
         decision=None),
    Work(0, "08:10", "T1-9F-W1", photos=("formwork:e1",), **_SIZE, answers={"panel_step": ["1", "3", "2"]},
         decision=None),
    Work(0, "08:40", "T1-9F-W3", photos=("wall_rebar:e1", "tape:e4"), **_wall("b", "0.88", "1.1"), **_FIX,
         decision=None, away_m=340),
    Work(0, "09:20", "T1-9F-W2", photos=("wall_rebar:e1", "tape:e2"), **_HIDE, decision=None),
    Work(0, "09:40", "T1-8F-S1", **_CURE, photos=("curing:e1",), decision=None),
    Work(0, "10:30", "T1-9F-W2", photos=("formwork:e2", "formwork:e1"), **_FORM, decision=None, unsent=True),
)  # fmt: skip
DEFECTS = (
    Found(4, "16:00", "supervisor", "T1-8F-W4", "墙根部局部蜂窝", "墙根约 200×80 mm 蜂窝，深约 10 mm，未露筋。",
          "minor", ("struck:defect",)),
    Found(0, "11:20", "inspector", "T1-7F-W2", "剪力墙斜裂缝",
          "距西端 1.2 m 处斜裂缝，长约 1.6 m，最大宽度 0.4 mm。"
          "该车混凝土 28 d 强度不合格，要求查清同车混凝土的全部部位。",
          "critical", ("crack:defect", "crack:closeup"), ("k2",)),
)  # fmt: skip
STORY = Story(DELIVERIES, PAPERS, TRIALS, MOVEMENTS, SEVENTH + EIGHTH + NINTH, DEFECTS, MAKINGS)
