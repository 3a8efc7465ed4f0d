"""Answers as people on site fill them in: values within the limits of each step's form, unless a row says otherwise."""

import random
from collections.abc import Callable, Mapping
from typing import Any

Answers = dict[str, Any]
# What is known of the work: member type, lots used, times, place, truck and so on.
Facts = Mapping[str, Any]
Form = Callable[[random.Random, Facts], Answers]


def near(rng: random.Random, design: int, by: int, readings: int = 3) -> Answers:
    """Readings within `by` of a design value, as decimal strings."""
    return {"value": [str(design + rng.randint(-by, by)) for _ in range(readings)], "design": str(design)}


def upto(rng: random.Random, most: int, readings: int = 3) -> list[str]:
    """Readings between 0 and `most`."""
    return [str(rng.randint(0, most)) for _ in range(readings)]


def _setting_out(rng: random.Random, facts: Facts) -> Answers:
    return {"axis_ok": True}


def _fixing(rng: random.Random, facts: Facts) -> Answers:
    is_column = facts["member_type"] == "column"
    cover = {"cover_beam_column": near(rng, 25, 4)} if is_column else {"cover_slab_wall": near(rng, 15, 2)}
    return {
        "bar_grade_dia_no": True,
        "member_type": facts["member_type"],
        "joint_type": "mechanical" if is_column else "lap",
        "stress": "tension",
        "spacing": near(rng, 150, 8, 5),
        "row_spacing": near(rng, 160, 4),
        "anchorage": near(rng, 740, 14),
        "stirrup_spacing": near(rng, 100, 12),
        "lap_percentage": "50" if is_column else "25",
        **cover,
    }


def _hidden(rng: random.Random, facts: Facts) -> Answers:
    return {"location": facts["name"], "drawing_no": "结施-17", "conclusion": "accept", "lots_used": facts["lots"]}


def _erection(rng: random.Random, facts: Facts) -> Answers:
    return {"camber": "2", "span_m": "4.2"} if facts["member_type"] == "slab" else {}


def _formwork_check(rng: random.Random, facts: Facts) -> Answers:
    return {
        "member_type": facts["member_type"],
        "storey_height_m": "2.9",
        "axis": upto(rng, 4),
        "soffit_level": near(rng, 2900, 4),
        "inner_size": near(rng, 200, 4),
        "verticality_le6": upto(rng, 7),
        "panel_step": upto(rng, 2),
        "flatness": upto(rng, 4),
    }


def _permit(rng: random.Random, facts: Facts) -> Answers:
    return {"volume_planned": "24", "strength_class": "C35", "mix_no": "PHB-C35-08", "mep_signed": True}


def _delivery(rng: random.Random, facts: Facts) -> Answers:
    return {
        "delivery_note_no": facts["delivery_note"],
        "truck_no": facts["vehicle"],
        "truck_volume": facts["volume"],
        "batch_time": facts["batched_at"],
        "arrival_time": facts["started_at"],
        "slump_specified_mm": "180",
        "slump": {"value": str(rng.randrange(165, 200, 5)), "design": "180"},
        "concrete_temp": str(rng.randint(18, 26)),
        "mass_concrete": False,
        "no_water_added": True,
    }


def _pouring(rng: random.Random, facts: Facts) -> Answers:
    return {
        "member_type": facts["member_type"],
        "start_at": facts["started_at"],
        "end_at": facts["ended_at"],
        "location": facts["name"],
        "volume_actual": facts["volume"],
        "vibrator": "poker",
        "poker_length_mm": "380",
        "layer_thickness": str(rng.randrange(350, 460, 10)),
        "aggregate_max_mm": "25",
        "free_fall": f"2.{rng.randint(1, 8)}",
        "trucks": facts["lots"],
    }


def _specimens(rng: random.Random, facts: Facts) -> Answers:
    return {"standard_sets": "1", "same_condition_sets": "1", "cube_ids": "SJ-26-0311, SJ-26-0312", "pour_m3": "31"}


def _appearance(rng: random.Random, facts: Facts) -> Answers:
    return {
        "member_type": facts["member_type"],
        "storey_height_m": "2.9",
        "serious_defects": "0",
        "axis": upto(rng, 7),
        "verticality": upto(rng, 8),
        "section": near(rng, 200, 4),
        "level": near(rng, 23_150, 8),
        "flatness": upto(rng, 7),
    }


def _curing_start(rng: random.Random, facts: Facts) -> Answers:
    return {"method": "water", "started_at": facts["started_at"]}


def _curing(rng: random.Random, facts: Facts) -> Answers:
    readings = [f"{rng.uniform(14, 24):.1f}" for _ in range(4)]
    return {"temp_series": readings, "moist": True, "cum_degree_days": str(rng.randint(20, 120))}


def _assembly(rng: random.Random, facts: Facts) -> Answers:
    torque = [str(rng.randrange(262, 296, 2)) for _ in range(4)]
    return {
        "splice_type": "standard",
        "coupler_size_mm": "25",
        "exposed_thread": ["1", "1.5", "1", "2"],
        "torque": torque,
        "marked": True,
    }


def _torque(rng: random.Random, facts: Facts) -> Answers:
    return {"checked_share": "10", "fail_share": "2"}


def _drilling(rng: random.Random, facts: Facts) -> Answers:
    return {
        "slurry_stage": "before_concreting",
        "mud_density": ["1.14", "1.16", "1.15"],
        "sand_content": "5",
        "viscosity": "22",
        "strata_log": "0-3 m fill, 3-9 m stiff clay, below 9 m sandstone",
        "start_at": facts["started_at"],
        "finish_at": facts["ended_at"],
    }


def _hole(rng: random.Random, facts: Facts) -> Answers:
    return {
        "pile_d_mm": "1200",
        "pile_h_mm": "500",
        "depth": "12.2",
        "depth_dev": {"value": "12180", "design": "12000"},
        "diameter_dev": {"value": "1212", "design": "1200"},
        "verticality": "0.4",
        "position_dev": str(rng.randint(22, 60)),
        "bearing_ok": True,
    }


def _cage(rng: random.Random, facts: Facts) -> Answers:
    return {
        "main_spacing": near(rng, 150, 8),
        "cage_length": {"value": str(rng.randint(11_930, 12_070)), "design": "12000"},
        "stirrup_spacing": near(rng, 200, 15),
        "cage_diameter": {"value": "1054", "design": "1050"},
        "cage_top": {"value": str(rng.randint(-60, 60)), "design": "0"},
        "rebar_lots": facts["lots"],
    }


def _cleaning(rng: random.Random, facts: Facts) -> Answers:
    return {"pile_kind": "friction", "pile_code": "GB 50202-2018", "sediment_friction": str(rng.randint(30, 90))}


def _tremie(rng: random.Random, facts: Facts) -> Answers:
    return {
        "slump": str(rng.randrange(185, 215, 5)),
        "first_embed": "1.4",
        "embed": ["3.2", "4.1", "2.8"],
        "tremie_bottom_gap": "400",
        "volume_actual": facts["volume"],
        "fill_ratio": "1.06",
        "overcast": "0.9",
        "start_at": facts["started_at"],
        "end_at": facts["ended_at"],
    }


FORMS: dict[str, Form] = {
    "rebar_installation.setting_out": _setting_out,
    "rebar_installation.fixing": _fixing,
    "rebar_installation.hidden_acceptance": _hidden,
    "rebar_splice.assembly": _assembly,
    "rebar_splice.torque_check": _torque,
    "formwork.erection": _erection,
    "formwork.dimension_check": _formwork_check,
    "concrete_pour.pour_permit": _permit,
    "concrete_pour.delivery_check": _delivery,
    "concrete_pour.pouring": _pouring,
    "concrete_pour.specimens": _specimens,
    "concrete_pour.dimension_appearance": _appearance,
    "curing.start": _curing_start,
    "curing.daily": _curing,
    "bored_pile.drilling": _drilling,
    "bored_pile.hole_acceptance": _hole,
    "bored_pile.cage": _cage,
    "bored_pile.second_cleaning": _cleaning,
    "bored_pile.concreting": _tremie,
}

_WEATHER = ("clear", "cloudy", "cloudy", "rain", "clear", "cloudy", "clear")


def environment(asked: list[str], day: int, rng: random.Random) -> Answers:
    """What the form asks of the surroundings; the weather is the same for everybody on one day."""
    weather = _WEATHER[day % len(_WEATHER)]
    known: Answers = {
        "weather": weather,
        "air_temp": f"{rng.uniform(11, 19):.1f}",
        "rain": "light" if weather == "rain" else "none",
        "wind_force": str(rng.randint(1, 4)),
        "relative_humidity": str(rng.randint(55, 85)),
        "rain_forecast_24h": weather == "rain",
    }
    return {key: known[key] for key in asked if key in known}
