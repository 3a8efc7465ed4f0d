"""Who may do what, who reads what, and who gives which role: the one table for the door, the API and the screens.

MAY is by act type, SEES by what is read, GIVES by role. The screens get it generated (`plumbline roles`, part of
`make types`) and at GET /api/roles.

Role ids and names come from the shipped inspection plans. `administrator` of a project may do everything
except what belongs to a person's own judgement (approve own work, never).
"""

from enum import StrEnum


class Role(StrEnum):
    """The roles of a member in a project (inspection plans, `roles`)."""

    OWNER = "owner"
    DESIGNER = "designer"
    SURVEYOR = "surveyor"
    CHIEF_SUPERVISOR = "chief_supervisor"
    SUPERVISOR = "supervisor"
    SUPERVISION_CLERK = "supervision_clerk"
    WITNESS = "witness"
    PROJECT_MANAGER = "project_manager"
    TECHNICAL_LEAD = "technical_lead"
    CONTRACTOR_QC = "contractor_qc"
    FOREMAN = "foreman"
    CREW_LEADER = "crew_leader"
    CREW = "crew"
    MATERIAL_KEEPER = "material_keeper"
    STOREKEEPER = "storekeeper"
    SAMPLER = "sampler"
    CLERK = "clerk"
    LAB = "lab"
    THIRD_PARTY_LAB = "third_party_lab"
    SUPPLIER = "supplier"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"


R = Role
OFFICE = frozenset({R.PROJECT_MANAGER, R.TECHNICAL_LEAD, R.ADMINISTRATOR})
SITE = frozenset({R.FOREMAN, R.CREW_LEADER, R.CREW, R.CONTRACTOR_QC}) | OFFICE
STORE = frozenset({R.MATERIAL_KEEPER, R.STOREKEEPER, R.FOREMAN}) | OFFICE
QUALITY = frozenset({R.CONTRACTOR_QC, R.SUPERVISOR, R.CHIEF_SUPERVISOR}) | OFFICE
EVERYBODY = frozenset(Role)
# Who sits at a desk or checks; the others have the screens of the site.
DESK = EVERYBODY - {R.CREW_LEADER, R.CREW, R.STOREKEEPER, R.SAMPLER, R.LAB, R.THIRD_PARTY_LAB, R.SUPPLIER}

MAY: dict[str, frozenset[Role]] = {
    "project:create": EVERYBODY,  # Judged by Person.is_server_admin: no membership exists yet.
    "organization:add": OFFICE | {R.MATERIAL_KEEPER, R.CLERK},
    "member:admit": OFFICE | {R.FOREMAN, R.CREW_LEADER},
    "member:remove": OFFICE,
    "crew:add": OFFICE | {R.FOREMAN},
    "equipment:add": OFFICE | {R.FOREMAN, R.CLERK},
    "place:add": OFFICE | {R.FOREMAN, R.MATERIAL_KEEPER, R.STOREKEEPER},
    "task:add": OFFICE | {R.FOREMAN, R.CLERK},
    "task:import": OFFICE | {R.CLERK},
    "roll:reserve": STORE | {R.CLERK},
    "roll:print": STORE | {R.CLERK},
    "label:bind": STORE | SITE | {R.CLERK},
    "mark:bind": STORE | SITE | {R.CLERK},
    "mark:release": STORE | {R.CLERK},
    "lot:announce": STORE | {R.SUPPLIER, R.CLERK},
    "lot:receive": STORE | {R.CREW_LEADER},
    "lot:move": STORE | {R.CREW_LEADER},
    "lot:split": STORE | {R.CREW_LEADER},
    "lot:issue": STORE,
    "lot:return": STORE | {R.CREW_LEADER},
    "lot:scrap": STORE | {R.CONTRACTOR_QC},
    "lot:merge": STORE | {R.CREW_LEADER},
    "lot:mix": STORE | {R.CREW_LEADER},
    "lot:dispatch": STORE | {R.CREW_LEADER, R.SUPPLIER},
    "lot:arrive": STORE | {R.CREW_LEADER},
    "lot:count": STORE,
    "lot:transfer_out": STORE,
    "assembly:make": STORE | SITE,
    "assembly:take_apart": STORE | SITE,
    "unit:number": STORE | {R.CREW_LEADER, R.CONTRACTOR_QC},
    "unit:work": STORE | SITE,
    "lot:hold": QUALITY | STORE | {R.INSPECTOR},
    "lot:release": QUALITY,
    "lot:stop": QUALITY | {R.INSPECTOR, R.OWNER},
    "certificate:attach": STORE | {R.CLERK, R.SUPPLIER, R.CONTRACTOR_QC},
    "test:record": frozenset({R.LAB, R.THIRD_PARTY_LAB, R.SAMPLER, R.CONTRACTOR_QC, R.CLERK}) | OFFICE,
    "step:record": SITE | {R.SUPERVISION_CLERK, R.SUPERVISOR, R.SAMPLER, R.SURVEYOR},
    "approval:decide": frozenset({R.PROJECT_MANAGER}),
    "defect:raise": EVERYBODY - {R.SUPPLIER},
    "defect:confirm": QUALITY | {R.OWNER},
    "defect:dismiss": QUALITY | {R.OWNER},
    "ncr:assign": QUALITY | {R.OWNER},
    "ncr:answer": EVERYBODY,  # Of the responsible side: the act looks at who that is.
    "ncr:cause": SITE | QUALITY | {R.DESIGNER},
    "ncr:act": QUALITY | {R.FOREMAN, R.OWNER},
    "ncr:done": EVERYBODY,  # The action's owner, or who may plan actions.
    "ncr:check": QUALITY | {R.OWNER},
    "ncr:reinspect": QUALITY | {R.OWNER, R.INSPECTOR, R.DESIGNER},
    "ncr:cost": OFFICE | {R.CLERK},
    "ncr:close": QUALITY | {R.OWNER},
    "recall:open": QUALITY | {R.INSPECTOR, R.OWNER},
    "recall:acknowledge": EVERYBODY,
    "recall:dispose": QUALITY | STORE | SITE | {R.DESIGNER, R.SUPPLIER},
    "recall:close": OFFICE | {R.CHIEF_SUPERVISOR, R.OWNER},
    "recall:scope": frozenset(),  # By the house only.
    "supplier:approve": OFFICE | {R.MATERIAL_KEEPER, R.CONTRACTOR_QC},
    "supplier:suspend": QUALITY | {R.MATERIAL_KEEPER, R.OWNER},
    "supplier:merge": OFFICE | {R.MATERIAL_KEEPER},
    "supplier:name": OFFICE | {R.MATERIAL_KEEPER, R.CLERK},
    "project:publish": frozenset({R.PROJECT_MANAGER, R.OWNER, R.ADMINISTRATOR}),
    "fault:report": frozenset(),  # By the house only, for somebody at a label's public page.
    "grant:issue": OFFICE,
    "grant:revoke": OFFICE,
    "quarantine:answer": OFFICE,
    "quarantine:reopen": OFFICE,
    "evidence:verified": frozenset(),  # By the house only.
    "evidence:forget": frozenset(),  # By the house only.
}


# Who may read what is not for every member. Lots, tasks, steps, defects, files, traces and acts are.
SEES: dict[str, frozenset[Role]] = {
    "invites": MAY["member:admit"],
    "grants": OFFICE,  # Links given to people without account, and the log of what was looked at.
    "devices": frozenset({R.ADMINISTRATOR, R.PROJECT_MANAGER}),  # Everybody's, to stop lost ones; others: their own.
    "api-keys": frozenset({R.ADMINISTRATOR}),  # Of other systems; to make and revoke them too.
    "orphans": frozenset({R.ADMINISTRATOR, R.PROJECT_MANAGER}),  # Files that no act names, before they are swept.
    "quarantine": OFFICE | {R.CONTRACTOR_QC, R.CHIEF_SUPERVISOR},  # Everybody's refused acts; others: their own.
    "costs": OFFICE | {R.OWNER},  # Of nonconformances; they never travel in the feed.
    "recall-people": OFFICE | QUALITY | {R.OWNER, R.INSPECTOR},  # Who has read a recall, and when phones last spoke.
    "exports": EVERYBODY - {R.SUPPLIER, R.CREW},  # Tables of a whole project.
    "causes": QUALITY | {R.OWNER, R.DESIGNER, R.INSPECTOR},  # What defects have in common; it names crews.
    "overview": DESK,
    "public-page": DESK,
    "suppliers": DESK,
    "scorecards": OFFICE | {R.OWNER, R.CONTRACTOR_QC, R.CHIEF_SUPERVISOR},  # Of suppliers and crews; control charts.
    "desk": DESK,  # The screens of the office.
    "inbox": DESK - {R.INSPECTOR},  # The screen where records wait for a decision.
}


def sees(what: str, roles: list[str]) -> bool:
    """Whether somebody with these roles may read this."""
    return not SEES[what].isdisjoint(roles)


def may(act_type: str, roles: list[str]) -> bool:
    """Whether somebody with these roles may do this act."""
    return not MAY[act_type].isdisjoint(roles)


# Who may give which roles: nobody lifts a friend above himself, and only the top two make administrators.
GIVES: dict[Role, frozenset[Role]] = {
    R.ADMINISTRATOR: EVERYBODY,
    R.PROJECT_MANAGER: EVERYBODY,
    R.TECHNICAL_LEAD: EVERYBODY - {R.ADMINISTRATOR, R.PROJECT_MANAGER},
    R.FOREMAN: frozenset({R.CREW, R.CREW_LEADER, R.STOREKEEPER, R.MATERIAL_KEEPER, R.SAMPLER}),
    R.CREW_LEADER: frozenset({R.CREW}),
}


def may_give(giver_roles: list[str], wanted: list[str]) -> bool:
    """Whether somebody with `giver_roles` may give (or take) every one of `wanted`. Unknown roles: never."""
    gives: set[str] = set().union(*(GIVES[role] for role in GIVES if role in giver_roles))
    return gives.issuperset(wanted)
