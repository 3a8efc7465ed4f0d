"""The tower in Shanghai: site beside the Huangpu, places, equipment, and the tree of GB 50300 with its elements."""

from plumbline.sample.ground import Ground, Machine, Place, Task

GROUND = Ground(
    "BJ-01",
    "滨江壹号住宅楼",
    "Riverside One, residential tower",
    "Asia/Shanghai",
    (
        ("31.227950", "121.508820"),
        ("31.228410", "121.510260"),
        ("31.227380", "121.510780"),
        ("31.226760", "121.510090"),
        ("31.226940", "121.509020"),
    ),
)
PLACES = (
    Place("gate", "施工现场", "Site", "site", "31.227520", "121.509760"),
    Place("yard", "一号钢筋堆场", "Rebar yard 1", "yard", "31.227120", "121.509420"),
    Place("shed", "钢筋加工棚", "Rebar workshop", "yard", "31.227050", "121.509780"),
    Place("depot", "材料仓库", "Store", "store", "31.227300", "121.510330"),
    Place("truck", "运输车 沪D·31F08", "Truck Hu D 31F08", "vehicle"),
)
MACHINES = (
    Machine("pump", "汽车泵 56 m", "Concrete pump, 56 m boom", "concrete_pump", "SY56-20381", 120, -245),
    Machine("poker1", "插入式振捣器 φ50 1#", "Poker vibrator 50 mm no. 1", "vibrator", "ZN50-117"),
    Machine("poker2", "插入式振捣器 φ50 2#", "Poker vibrator 50 mm no. 2", "vibrator", "ZN50-118"),
    Machine("torque", "数显扭矩扳手", "Torque wrench, digital", "torque_wrench", "NB-340-0926", 384, 19),
    Machine("station", "全站仪", "Total station", "total_station", "TS-09-55412", 96, -269),
    Machine("level", "水准仪", "Level", "level", "DSZ2-7716", 60, -305),
    Machine("slump", "坍落度筒及标尺", "Slump cone with rule", "slump_set", "TLD-06", 150, -215),
    Machine("thermo", "混凝土测温仪", "Concrete thermometer", "thermometer", "JDC-2-441", 40, -325),
)

_NAMES = {7: ("七层", "7F"), 8: ("八层", "8F"), 9: ("九层", "9F")}
# Element, plan, and day planned (days before today) for each floor.
_ELEMENTS = {
    7: [("W1", 29), ("W2", 29), ("W3", 29), ("W4", 28), ("C1", 29), ("C2", 28), ("S1", 24)],
    8: [("W1", 9), ("W2", 9), ("W3", 9), ("W4", 8), ("C1", 9), ("C2", 8), ("S1", 5)],
    9: [("W1", 0), ("W2", 0), ("W3", 0), ("W4", -1), ("C1", 0), ("C2", 1), ("S1", -4)],
}
_KINDS = {"W": ("号剪力墙", "Shear wall"), "C": ("号框架柱", "Column"), "S": ("号楼板", "Slab")}
_PLANS = {7: "concrete_pour", 8: "concrete_pour", 9: "rebar_installation"}
# Where each element stands, degrees.
_SPOTS = {
    "W1": ("31.227610", "121.509540"),
    "W2": ("31.227640", "121.509660"),
    "W3": ("31.227560", "121.509840"),
    "W4": ("31.227470", "121.509930"),
    "C1": ("31.227530", "121.509600"),
    "C2": ("31.227490", "121.509790"),
    "S1": ("31.227550", "121.509720"),
}


def tasks() -> list[Task]:
    """Every node, parents before children."""
    rows = [
        Task("T1", None, "1#住宅楼", "Tower 1", "unit", lat="31.227550", lon="121.509720"),
        Task("T1-01", "T1", "地基与基础", "Foundations", "division"),
        Task("T1-01-05", "T1-01", "混凝土基础", "Concrete foundations", "subdivision"),
        Task("T1-RAFT-A", "T1-01-05", "筏板后浇带 1~4轴", "Raft, closing strip axes 1-4", "element",
             "concrete_pour", 12, "31.227500", "121.509500"),
        Task("T1-RAFT-B", "T1-01-05", "筏板后浇带 5~8轴", "Raft, closing strip axes 5-8", "element",
             "concrete_pour", 2, "31.227480", "121.509900"),
        Task("T1-02", "T1", "主体结构", "Main structure", "division"),
        Task("T1-02-01", "T1-02", "混凝土结构", "Concrete structure", "subdivision"),
        Task("T1-REBAR", "T1-02-01", "钢筋", "Reinforcement", "item"),
        Task("T1-REBAR-9F", "T1-REBAR", "九层钢筋检验批", "Reinforcement batch, 9F", "batch", "rebar_splice", 0),
        Task("T1-FORM", "T1-02-01", "模板", "Formwork", "item"),
        Task("T1-FORM-9F", "T1-FORM", "九层模板检验批", "Formwork batch, 9F", "batch", "formwork", 1),
        Task("T1-CAST", "T1-02-01", "现浇结构", "Cast-in-place structure", "item"),
    ]  # fmt: skip
    for floor, elements in _ELEMENTS.items():
        zh, en = _NAMES[floor]
        batch = f"T1-{floor}F"
        rows.append(Task(batch, "T1-CAST", f"{zh}现浇结构检验批", f"Cast-in-place batch, {en}", "batch"))
        for short, planned in elements:
            kind_zh, kind_en = _KINDS[short[0]]
            lat, lon = _SPOTS[short]
            name, name_en = f"{zh}{short[1:]}{kind_zh}", f"{kind_en} {short[1:]}, {en}"
            rows.append(Task(f"{batch}-{short}", batch, name, name_en, "element", _PLANS[floor], planned, lat, lon))
    return rows
