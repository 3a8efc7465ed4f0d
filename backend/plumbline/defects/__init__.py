"""Something found wrong at a task node: who found it, where, with photos, and which lots are suspected.

A defect is open from the moment it is received; its code (D-0001) counts in the order of receipt and never changes.
Confirmed, it is a nonconformance (NCR-0001): a responsible party that a person names by facts and that can answer,
root cause, actions with owner, proof and check, re-inspection, and an end that is refused while anything is open.
Recalls have a package of their own.
"""
