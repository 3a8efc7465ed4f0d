"""Every table of ours: drawn from acts, and by which, or kept, and why no act can draw it.

Tables of jobs (DBOS) are not ours: on SQLite they are those of `jobs.JOB_TABLES`, on PostgreSQL they have a schema.
"""

from dataclasses import dataclass

RECEIVED = ("lot:announce", "lot:receive", "lot:move", "lot:split", "lot:issue", "lot:return", "lot:scrap")
MADE = ("lot:merge", "lot:mix", "assembly:make", "assembly:take_apart", "unit:number")
MOVES = ("lot:dispatch", "lot:arrive", "lot:count", "lot:transfer_out")
LOTS = (*RECEIVED, *MADE, *MOVES)
LOT_STATUS = ("lot:hold", "lot:stop", "lot:release", "test:record")
RECALLS = ("recall:open", "recall:scope", "recall:dispose", "recall:close")
DECIDED = ("defect:confirm", "defect:dismiss", "ncr:assign", "ncr:answer", "ncr:cause", "ncr:reinspect", "ncr:close")
LABELLED = ("place:add", "task:add", "equipment:add", "label:bind")
EVERY_ACT = ("*",)

# Table → the acts that draw it.
PROJECTED: dict[str, tuple[str, ...]] = {
    "access_grant": ("grant:issue", "grant:revoke"),
    "act_file": EVERY_ACT,
    "certificate": ("certificate:attach",),
    "certificate_lot": ("certificate:attach",),
    "change": EVERY_ACT,
    "code": (*LOTS, *LABELLED, "roll:reserve"),
    "code_counter": (*LOTS, "defect:raise", "fault:report", "defect:confirm", "recall:open", "roll:reserve"),
    "crew": ("crew:add",),
    "decision": ("approval:decide",),
    "defect": ("fault:report", "defect:raise", *DECIDED),
    "defect_lot": ("fault:report", "defect:raise"),
    "definition": (),  # Until projects publish their own versions; the shipped ones have no rows.
    "equipment": ("equipment:add", "label:bind"),
    "file": (*EVERY_ACT, "evidence:verified", "evidence:forget"),
    "lot": (*LOTS, *LOT_STATUS, *RECALLS, "step:record", "label:bind"),
    "lot_input": MADE,
    "lot_movement": (*LOTS, "step:record", "recall:close"),
    "mark": ("mark:bind", "mark:release"),
    "membership": ("project:create", "member:admit", "member:remove"),
    "ncr_action": ("ncr:act", "ncr:done", "ncr:check"),
    "ncr_cost": ("ncr:cost",),
    "ncr_entry": DECIDED,
    "organization": ("organization:add",),
    "place": ("place:add", "label:bind"),
    "project": EVERY_ACT,
    "public_page": ("project:publish",),
    "quarantine_answer": ("quarantine:answer", "quarantine:reopen"),
    "recall": (*RECALLS, "recall:acknowledge"),
    "recall_ack": ("recall:acknowledge",),
    "recall_disposition": ("recall:dispose",),
    "recall_item": (*RECALLS, *LOTS, "step:record"),
    "recall_start": ("recall:open",),
    "recall_total": ("recall:open", "recall:scope", "lot:receive"),
    "roll": ("roll:reserve", "roll:print"),
    "station_event": ("assembly:make", "unit:work"),
    "step": ("step:record", "approval:decide", "evidence:verified"),
    "step_equipment": ("step:record",),
    "step_lot": ("step:record",),
    "step_person": ("step:record",),
    "supplier": ("supplier:approve", "supplier:suspend", "supplier:merge"),
    "supplier_name": ("supplier:name",),
    "task": ("task:add", "task:import", "label:bind"),
    "test_result": ("test:record",),
    "trace_edge": (*LOTS, "step:record"),
    "trace_node": (*LOTS, "step:record"),
}


@dataclass(frozen=True)
class Kept:
    """Why a table cannot be drawn. `is_read`: acts look into it when they are drawn, so it is copied first."""

    reason: str
    is_read: bool = False


KEPT: dict[str, Kept] = {
    "act": Kept("the truth itself: signed bytes, recorded verdict, number, times and flags", is_read=True),
    "act_wait": Kept("what a deferred act waits for is part of its recorded verdict"),
    "api_key": Kept("a secret of another system, by its hash"),
    "credential": Kept("a secret: password hash"),
    "derivative": Kept("made by a job from the original, and made again when lost"),
    "device": Kept("public keys that signatures are checked with; enrolled at sign-in", is_read=True),
    "device_person": Kept("who may sign with a device; set at sign-in", is_read=True),
    "failed_try": Kept("wrong passwords and uses of public pages of the last minutes, then swept"),
    "feed_horizon": Kept("says which deletions the feed forgot, which no act can say", is_read=True),
    "feed_snapshot": Kept("a copy for first loads, made again when missing"),
    "grant_link": Kept("a secret: the link's code, by its hash; and names of holders, which must be erasable"),
    "grant_view": Kept("a log of who read what by a link or on a public page"),
    "invite": Kept("a secret: the invitation's code, by its hash"),
    "kept_act": Kept("signed bytes that could be no act, as they came", is_read=True),
    "person": Kept("names live outside the acts, so that they can be corrected or erased", is_read=True),
    "photo_claim": Kept("what a photo says of itself, read from the original"),
    "push_subscription": Kept("a browser's address and keys for messages, which no act says"),
    "refresh_token": Kept("secrets of sessions, by their hash"),
    "upload": Kept("what a phone was told about sending a file and how far it came"),
    "upload_part": Kept("how a file travelled, which no act says"),
}

# (table, column) of a projected table that no act can draw → why. Left out of the comparison and kept on redrawing.
KEPT_COLUMNS: dict[tuple[str, str], str] = {}
