/** Drawn from identity/roles.py by `make types`; a test holds it against the code. The server judges again. */

export const ROLES = [
  "owner",
  "designer",
  "surveyor",
  "chief_supervisor",
  "supervisor",
  "supervision_clerk",
  "witness",
  "project_manager",
  "technical_lead",
  "contractor_qc",
  "foreman",
  "crew_leader",
  "crew",
  "material_keeper",
  "storekeeper",
  "sampler",
  "clerk",
  "lab",
  "third_party_lab",
  "supplier",
  "inspector",
  "administrator"
] as const;

export const MAY = {
  "approval:decide": [
    "project_manager"
  ],
  "assembly:make": [
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "crew",
    "material_keeper",
    "storekeeper",
    "administrator"
  ],
  "assembly:take_apart": [
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "crew",
    "material_keeper",
    "storekeeper",
    "administrator"
  ],
  "certificate:attach": [
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "material_keeper",
    "storekeeper",
    "clerk",
    "supplier",
    "administrator"
  ],
  "crew:add": [
    "project_manager",
    "technical_lead",
    "foreman",
    "administrator"
  ],
  "defect:confirm": [
    "owner",
    "chief_supervisor",
    "supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "administrator"
  ],
  "defect:dismiss": [
    "owner",
    "chief_supervisor",
    "supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "administrator"
  ],
  "defect:raise": [
    "owner",
    "designer",
    "surveyor",
    "chief_supervisor",
    "supervisor",
    "supervision_clerk",
    "witness",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "crew",
    "material_keeper",
    "storekeeper",
    "sampler",
    "clerk",
    "lab",
    "third_party_lab",
    "inspector",
    "administrator"
  ],
  "equipment:add": [
    "project_manager",
    "technical_lead",
    "foreman",
    "clerk",
    "administrator"
  ],
  "evidence:forget": [],
  "evidence:verified": [],
  "fault:report": [],
  "grant:issue": [
    "project_manager",
    "technical_lead",
    "administrator"
  ],
  "grant:revoke": [
    "project_manager",
    "technical_lead",
    "administrator"
  ],
  "label:bind": [
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "crew",
    "material_keeper",
    "storekeeper",
    "clerk",
    "administrator"
  ],
  "lot:announce": [
    "project_manager",
    "technical_lead",
    "foreman",
    "material_keeper",
    "storekeeper",
    "clerk",
    "supplier",
    "administrator"
  ],
  "lot:arrive": [
    "project_manager",
    "technical_lead",
    "foreman",
    "crew_leader",
    "material_keeper",
    "storekeeper",
    "administrator"
  ],
  "lot:count": [
    "project_manager",
    "technical_lead",
    "foreman",
    "material_keeper",
    "storekeeper",
    "administrator"
  ],
  "lot:dispatch": [
    "project_manager",
    "technical_lead",
    "foreman",
    "crew_leader",
    "material_keeper",
    "storekeeper",
    "supplier",
    "administrator"
  ],
  "lot:hold": [
    "chief_supervisor",
    "supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "material_keeper",
    "storekeeper",
    "inspector",
    "administrator"
  ],
  "lot:issue": [
    "project_manager",
    "technical_lead",
    "foreman",
    "material_keeper",
    "storekeeper",
    "administrator"
  ],
  "lot:merge": [
    "project_manager",
    "technical_lead",
    "foreman",
    "crew_leader",
    "material_keeper",
    "storekeeper",
    "administrator"
  ],
  "lot:mix": [
    "project_manager",
    "technical_lead",
    "foreman",
    "crew_leader",
    "material_keeper",
    "storekeeper",
    "administrator"
  ],
  "lot:move": [
    "project_manager",
    "technical_lead",
    "foreman",
    "crew_leader",
    "material_keeper",
    "storekeeper",
    "administrator"
  ],
  "lot:receive": [
    "project_manager",
    "technical_lead",
    "foreman",
    "crew_leader",
    "material_keeper",
    "storekeeper",
    "administrator"
  ],
  "lot:release": [
    "chief_supervisor",
    "supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "administrator"
  ],
  "lot:return": [
    "project_manager",
    "technical_lead",
    "foreman",
    "crew_leader",
    "material_keeper",
    "storekeeper",
    "administrator"
  ],
  "lot:scrap": [
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "material_keeper",
    "storekeeper",
    "administrator"
  ],
  "lot:split": [
    "project_manager",
    "technical_lead",
    "foreman",
    "crew_leader",
    "material_keeper",
    "storekeeper",
    "administrator"
  ],
  "lot:stop": [
    "owner",
    "chief_supervisor",
    "supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "inspector",
    "administrator"
  ],
  "lot:transfer_out": [
    "project_manager",
    "technical_lead",
    "foreman",
    "material_keeper",
    "storekeeper",
    "administrator"
  ],
  "mark:bind": [
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "crew",
    "material_keeper",
    "storekeeper",
    "clerk",
    "administrator"
  ],
  "mark:release": [
    "project_manager",
    "technical_lead",
    "foreman",
    "material_keeper",
    "storekeeper",
    "clerk",
    "administrator"
  ],
  "member:admit": [
    "project_manager",
    "technical_lead",
    "foreman",
    "crew_leader",
    "administrator"
  ],
  "member:remove": [
    "project_manager",
    "technical_lead",
    "administrator"
  ],
  "ncr:act": [
    "owner",
    "chief_supervisor",
    "supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "administrator"
  ],
  "ncr:answer": [
    "owner",
    "designer",
    "surveyor",
    "chief_supervisor",
    "supervisor",
    "supervision_clerk",
    "witness",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "crew",
    "material_keeper",
    "storekeeper",
    "sampler",
    "clerk",
    "lab",
    "third_party_lab",
    "supplier",
    "inspector",
    "administrator"
  ],
  "ncr:assign": [
    "owner",
    "chief_supervisor",
    "supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "administrator"
  ],
  "ncr:cause": [
    "designer",
    "chief_supervisor",
    "supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "crew",
    "administrator"
  ],
  "ncr:check": [
    "owner",
    "chief_supervisor",
    "supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "administrator"
  ],
  "ncr:close": [
    "owner",
    "chief_supervisor",
    "supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "administrator"
  ],
  "ncr:cost": [
    "project_manager",
    "technical_lead",
    "clerk",
    "administrator"
  ],
  "ncr:done": [
    "owner",
    "designer",
    "surveyor",
    "chief_supervisor",
    "supervisor",
    "supervision_clerk",
    "witness",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "crew",
    "material_keeper",
    "storekeeper",
    "sampler",
    "clerk",
    "lab",
    "third_party_lab",
    "supplier",
    "inspector",
    "administrator"
  ],
  "ncr:reinspect": [
    "owner",
    "designer",
    "chief_supervisor",
    "supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "inspector",
    "administrator"
  ],
  "organization:add": [
    "project_manager",
    "technical_lead",
    "material_keeper",
    "clerk",
    "administrator"
  ],
  "place:add": [
    "project_manager",
    "technical_lead",
    "foreman",
    "material_keeper",
    "storekeeper",
    "administrator"
  ],
  "project:create": [
    "owner",
    "designer",
    "surveyor",
    "chief_supervisor",
    "supervisor",
    "supervision_clerk",
    "witness",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "crew",
    "material_keeper",
    "storekeeper",
    "sampler",
    "clerk",
    "lab",
    "third_party_lab",
    "supplier",
    "inspector",
    "administrator"
  ],
  "project:publish": [
    "owner",
    "project_manager",
    "administrator"
  ],
  "quarantine:answer": [
    "project_manager",
    "technical_lead",
    "administrator"
  ],
  "quarantine:reopen": [
    "project_manager",
    "technical_lead",
    "administrator"
  ],
  "recall:acknowledge": [
    "owner",
    "designer",
    "surveyor",
    "chief_supervisor",
    "supervisor",
    "supervision_clerk",
    "witness",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "crew",
    "material_keeper",
    "storekeeper",
    "sampler",
    "clerk",
    "lab",
    "third_party_lab",
    "supplier",
    "inspector",
    "administrator"
  ],
  "recall:close": [
    "owner",
    "chief_supervisor",
    "project_manager",
    "technical_lead",
    "administrator"
  ],
  "recall:dispose": [
    "designer",
    "chief_supervisor",
    "supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "crew",
    "material_keeper",
    "storekeeper",
    "supplier",
    "administrator"
  ],
  "recall:open": [
    "owner",
    "chief_supervisor",
    "supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "inspector",
    "administrator"
  ],
  "recall:scope": [],
  "roll:print": [
    "project_manager",
    "technical_lead",
    "foreman",
    "material_keeper",
    "storekeeper",
    "clerk",
    "administrator"
  ],
  "roll:reserve": [
    "project_manager",
    "technical_lead",
    "foreman",
    "material_keeper",
    "storekeeper",
    "clerk",
    "administrator"
  ],
  "step:record": [
    "surveyor",
    "supervisor",
    "supervision_clerk",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "crew",
    "sampler",
    "administrator"
  ],
  "supplier:approve": [
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "material_keeper",
    "administrator"
  ],
  "supplier:merge": [
    "project_manager",
    "technical_lead",
    "material_keeper",
    "administrator"
  ],
  "supplier:name": [
    "project_manager",
    "technical_lead",
    "material_keeper",
    "clerk",
    "administrator"
  ],
  "supplier:suspend": [
    "owner",
    "chief_supervisor",
    "supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "material_keeper",
    "administrator"
  ],
  "task:add": [
    "project_manager",
    "technical_lead",
    "foreman",
    "clerk",
    "administrator"
  ],
  "task:import": [
    "project_manager",
    "technical_lead",
    "clerk",
    "administrator"
  ],
  "test:record": [
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "sampler",
    "clerk",
    "lab",
    "third_party_lab",
    "administrator"
  ],
  "unit:number": [
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "material_keeper",
    "storekeeper",
    "administrator"
  ],
  "unit:work": [
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "crew",
    "material_keeper",
    "storekeeper",
    "administrator"
  ]
} as const;

export const SEES = {
  "api-keys": [
    "administrator"
  ],
  "causes": [
    "owner",
    "designer",
    "chief_supervisor",
    "supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "inspector",
    "administrator"
  ],
  "costs": [
    "owner",
    "project_manager",
    "technical_lead",
    "administrator"
  ],
  "desk": [
    "owner",
    "designer",
    "surveyor",
    "chief_supervisor",
    "supervisor",
    "supervision_clerk",
    "witness",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "material_keeper",
    "clerk",
    "inspector",
    "administrator"
  ],
  "devices": [
    "project_manager",
    "administrator"
  ],
  "exports": [
    "owner",
    "designer",
    "surveyor",
    "chief_supervisor",
    "supervisor",
    "supervision_clerk",
    "witness",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "material_keeper",
    "storekeeper",
    "sampler",
    "clerk",
    "lab",
    "third_party_lab",
    "inspector",
    "administrator"
  ],
  "grants": [
    "project_manager",
    "technical_lead",
    "administrator"
  ],
  "inbox": [
    "owner",
    "designer",
    "surveyor",
    "chief_supervisor",
    "supervisor",
    "supervision_clerk",
    "witness",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "material_keeper",
    "clerk",
    "administrator"
  ],
  "invites": [
    "project_manager",
    "technical_lead",
    "foreman",
    "crew_leader",
    "administrator"
  ],
  "orphans": [
    "project_manager",
    "administrator"
  ],
  "overview": [
    "owner",
    "designer",
    "surveyor",
    "chief_supervisor",
    "supervisor",
    "supervision_clerk",
    "witness",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "material_keeper",
    "clerk",
    "inspector",
    "administrator"
  ],
  "public-page": [
    "owner",
    "designer",
    "surveyor",
    "chief_supervisor",
    "supervisor",
    "supervision_clerk",
    "witness",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "material_keeper",
    "clerk",
    "inspector",
    "administrator"
  ],
  "quarantine": [
    "chief_supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "administrator"
  ],
  "recall-people": [
    "owner",
    "chief_supervisor",
    "supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "inspector",
    "administrator"
  ],
  "scorecards": [
    "owner",
    "chief_supervisor",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "administrator"
  ],
  "suppliers": [
    "owner",
    "designer",
    "surveyor",
    "chief_supervisor",
    "supervisor",
    "supervision_clerk",
    "witness",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "material_keeper",
    "clerk",
    "inspector",
    "administrator"
  ]
} as const;

export const GIVES = {
  "administrator": [
    "owner",
    "designer",
    "surveyor",
    "chief_supervisor",
    "supervisor",
    "supervision_clerk",
    "witness",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "crew",
    "material_keeper",
    "storekeeper",
    "sampler",
    "clerk",
    "lab",
    "third_party_lab",
    "supplier",
    "inspector",
    "administrator"
  ],
  "crew_leader": [
    "crew"
  ],
  "foreman": [
    "crew_leader",
    "crew",
    "material_keeper",
    "storekeeper",
    "sampler"
  ],
  "project_manager": [
    "owner",
    "designer",
    "surveyor",
    "chief_supervisor",
    "supervisor",
    "supervision_clerk",
    "witness",
    "project_manager",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "crew",
    "material_keeper",
    "storekeeper",
    "sampler",
    "clerk",
    "lab",
    "third_party_lab",
    "supplier",
    "inspector",
    "administrator"
  ],
  "technical_lead": [
    "owner",
    "designer",
    "surveyor",
    "chief_supervisor",
    "supervisor",
    "supervision_clerk",
    "witness",
    "technical_lead",
    "contractor_qc",
    "foreman",
    "crew_leader",
    "crew",
    "material_keeper",
    "storekeeper",
    "sampler",
    "clerk",
    "lab",
    "third_party_lab",
    "supplier",
    "inspector"
  ]
} as const;
