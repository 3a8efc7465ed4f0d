"""Something found wrong at a task node: who found it, where, with photos, and which lots are suspected.

A defect is open from the moment it is received. Its code (D-0001) counts in the order of receipt and never changes.
"""
