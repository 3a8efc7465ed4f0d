"""Two weeks at pier P7: bored piles, one after the other, from drilling to concrete."""

from typing import Any

from plumbline.sample.rows import Delivery, Found, Movement, Paper, Story, Trial, Work

_BARS: dict[str, Any] = {"who": "keeper", "material": "rebar_bs4449", "grade": "B500B", "unit": "t"}
_BARS |= {"supplier": "rebar", "place": "yard", "manufacturer": "Humber Bar Mill"}


def _truck(key: str, day: int, clock: str, ticket: str, plate: str) -> Delivery:
    return Delivery(
        key, day, clock, "foreman", "concrete_en206", "C35/45", None, "7.5", "m3", "readymix", "compound",
        manufacturer="Northgate Readymix, plant 2", batch_no=f"B{ticket[-5:]}", delivery_note=ticket, vehicle=plate,
        produced=day, photo="delivery_note" if key in ("c1", "c5") else None,
    )  # fmt: skip


DELIVERIES = (
    Delivery("b32", 16, "10:15", size="32", quantity="21.4", heat_no="HB-88214", batch_no="88214/1",
             delivery_note="RRS-5512", vehicle="NX71 KFD", produced=40, **_BARS),
    Delivery("b12", 16, "10:40", size="12", quantity="6.2", heat_no="HB-88219", batch_no="88219/2",
             delivery_note="RRS-5512", vehicle="NX71 KFD", produced=40, **_BARS),
    _truck("c1", 12, "09:30", "NR-440121", "NL22 TRK"),
    _truck("c2", 12, "10:20", "NR-440124", "NL19 MXR"),
    _truck("c3", 10, "09:40", "NR-440203", "NL22 TRK"),
    _truck("c4", 10, "10:30", "NR-440207", "NK70 CEM"),
    _truck("c5", 8, "11:10", "NR-440288", "NL19 MXR"),
    _truck("c6", 8, "12:00", "NR-440291", "NL22 TRK"),
    _truck("c7", 5, "09:50", "NR-440377", "NK70 CEM"),
    _truck("c8", 5, "10:35", "NR-440380", "NL19 MXR"),
)  # fmt: skip
PAPERS = (
    Paper(16, "11:10", "keeper", "inspection_certificate_3_1", "HBM-3.1-26-7705", "Inspection certificate 3.1",
          "Humber Bar Mill", "BS 4449 / EN 10204", ("b32", "b12"), ("HB-88214", "HB-88219"),
          (("Heat", "Size mm", "Re MPa", "Rm/Re", "Agt %", "Mass t"),
           ("HB-88214", "32", "548", "1.14", "8.9", "21.4"), ("HB-88219", "12", "556", "1.13", "8.4", "6.2"))),
)  # fmt: skip
TRIALS = (
    Trial(5, "15:00", "c1", "strength_7d", "pass", "TML-26-1190", 12, 5, 5, (("compressive_7d", "38.6", "MPa"),)),
    Trial(5, "15:10", "c1", "strength_28d", "pending", None, 12, due=-16),
    Trial(3, "15:00", "c3", "strength_7d", "pass", "TML-26-1207", 10, 3, 3, (("compressive_7d", "37.9", "MPa"),)),
)
_REST = "Left in the drum, returned to plant"
MOVEMENTS = (
    Movement(15, "08:00", "qc", "lot:release", "b32", reason="Certificate 3.1 checked"),
    Movement(15, "08:02", "qc", "lot:release", "b12", reason="Certificate 3.1 checked"),
    Movement(15, "09:00", "keeper", "lot:issue", "b32", "14", "b32.a", "fixers"),
    Movement(15, "09:05", "keeper", "lot:issue", "b12", "3.6", "b12.a", "fixers"),
    Movement(12, "12:30", "foreman", "lot:scrap", "c2", "0.6", reason=_REST),
    Movement(10, "12:30", "foreman", "lot:scrap", "c4", "0.5", reason=_REST),
    Movement(8, "14:00", "foreman", "lot:scrap", "c6", "0.4", reason=_REST),
    Movement(5, "12:40", "foreman", "lot:scrap", "c8", "0.7", reason=_REST),
)

_BORE: dict[str, Any] = {"kind": "bored_pile.drilling", "who": "piling_lead", "crew": "piling", "equipment": ("rig",)}
_BORE |= {"minutes": 210, "method": "Rotary, bentonite slurry"}
_HOLE: dict[str, Any] = {"kind": "bored_pile.hole_acceptance", "who": "qc", "equipment": ("station",)}
_CAGE: dict[str, Any] = {"kind": "bored_pile.cage", "who": "fixer_lead", "crew": "fixers", "minutes": 90}
_CAGE |= {"lots": (("b32.a", "1.95"), ("b12.a", "0.42"))}
_CLEAN: dict[str, Any] = {"kind": "bored_pile.second_cleaning", "who": "qc", "equipment": ("balance",)}
_CAST: dict[str, Any] = {"kind": "bored_pile.concreting", "who": "concrete_lead", "crew": "concrete", "minutes": 95}
_CAST |= {"people": ("poker_man",), "equipment": ("pump",), "method": "Tremie, continuous"}

WORK = (
    Work(13, "07:40", "P7-1", photos=("rig:e1",), **_BORE),
    Work(13, "13:20", "P7-1", photos=("sounding:e1",), **_HOLE),
    Work(12, "07:50", "P7-1", photos=("cage:e1",), **_CAGE),
    Work(12, "09:00", "P7-1", photos=("sounding:e1",), **_CLEAN),
    Work(12, "09:40", "P7-1", photos=("pour:e2", "slump:e3"), lots=(("c1", "7.5"), ("c2", "6.9")), **_CAST),
    Work(11, "12:40", "P7-2", **_BORE),
    Work(10, "08:00", "P7-2", **_CAGE),
    Work(10, "09:50", "P7-2", photos=("pour:e2",), lots=(("c3", "7.5"), ("c4", "7")), **_CAST),
    Work(8, "08:10", "P7-3", photos=("cage:e1",), **_CAGE),
    Work(8, "11:20", "P7-3", lots=(("c5", "7.5"), ("c6", "7.1")), **_CAST,
         answers={"embed": ["3.1", "1.6", "2.9"]},
         decision=("ask", "Tremie embedment 1.6 m once: send the soundings log for that lift.")),
    Work(5, "08:20", "P7-4", **_CAGE),
    Work(5, "10:00", "P7-4", lots=(("c7", "7.5"), ("c8", "6.8")), **_CAST),
    Work(3, "08:00", "P7-5", **_BORE),
    Work(3, "14:30", "P7-5", photos=("sounding:e1",), **_HOLE, answers={"position_dev": "112"},
         decision=("reject", "Position 112 mm off, limit 100 mm: designer to confirm before the cage goes in.")),
    Work(1, "10:00", "P7-5", photos=("cage:e1",), **_CAGE, decision=None),
    Work(0, "08:00", "P7-6", photos=("rig:e1",), **_BORE, decision=None),
)  # fmt: skip
DEFECTS = (
    Found(2, "11:00", "supervisor", "P7-3", "Cover spacers missing on two hoops",
          "Seen on the cage photographs of pile P7/3, near the top.", "minor", ("cage:defect",)),
)  # fmt: skip
STORY = Story(DELIVERIES, PAPERS, TRIALS, MOVEMENTS, WORK, DEFECTS)
