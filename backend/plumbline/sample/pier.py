"""Pier P7 of a viaduct in the north of England: site, places, equipment and its tree of tasks."""

from plumbline.sample.ground import Ground, Machine, Place, Task

GROUND = Ground(
    "NG-P7",
    "Northgate Viaduct, pier P7",
    None,
    "Europe/London",
    (("54.970910", "-1.600950"), ("54.971060", "-1.599720"), ("54.970420", "-1.599480"), ("54.970290", "-1.600710")),
)
PLACES = (
    Place("compound", "P7 compound", None, "site", "54.970650", "-1.600200"),
    Place("yard", "Rebar laydown", None, "yard", "54.970480", "-1.600420"),
    Place("container", "Store container 2", None, "store", "54.970540", "-1.599830"),
)
MACHINES = (
    Machine("rig", "Rotary drilling rig BG 28", None, "drilling_rig", "BG28-1187"),
    Machine("pump", "Trailer pump", None, "concrete_pump", "TP-75-204"),
    Machine("poker", "Poker vibrator 57 mm", None, "vibrator", "AX57-33"),
    Machine("station", "Total station", None, "total_station", "TS16-88021", 70, -295),
    Machine("balance", "Mud balance", None, "mud_balance", "MB-140-7", 200, -165),
)


def tasks() -> list[Task]:
    """Every node, parents before children."""
    rows = [
        Task("P7", None, "Pier P7", None, "unit", lat="54.970660", lon="-1.600210"),
        Task("P7-SUB", "P7", "Substructure", None, "division"),
        Task("P7-PILES", "P7-SUB", "Bored piles, 1200 mm", None, "subdivision"),
    ]
    for n, planned in enumerate((13, 11, 9, 6, 3, 0), start=1):
        lat, lon = f"54.9706{20 + 30 * ((n - 1) // 3)}", f"-1.6002{90 - 40 * ((n - 1) % 3)}"
        rows.append(Task(f"P7-{n}", "P7-PILES", f"Pile P7/{n}", None, "element", "bored_pile", planned, lat, lon))
    return [
        *rows,
        Task("P7-CAPS", "P7-SUB", "Pile cap", None, "subdivision"),
        Task("P7-CAP", "P7-CAPS", "Pile cap P7", None, "element", "concrete_pour", -9, "54.970640", "-1.600220"),
        Task("P7-STRUCT", "P7", "Pier structure", None, "division"),
        Task("P7-COLS", "P7-STRUCT", "Columns", None, "subdivision"),
        Task("P7-L1", "P7-COLS", "Column lift 1, 0 to 4.5 m", None, "element", "rebar_installation", -16),
        Task("P7-L2", "P7-COLS", "Column lift 2, 4.5 to 9 m", None, "element", "rebar_installation", -23),
        Task("P7-HEADS", "P7-STRUCT", "Crosshead", None, "subdivision"),
        Task("P7-XH", "P7-HEADS", "Crosshead", None, "element", "rebar_installation", -37),
        Task("P7-BP1", "P7-HEADS", "Bearing plinth north", None, "element", "concrete_pour", -44),
        Task("P7-BP2", "P7-HEADS", "Bearing plinth south", None, "element", "concrete_pour", -44),
    ]
