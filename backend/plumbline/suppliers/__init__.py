"""Suppliers of a project: who may deliver, under which names, and which two are one.

A supplier is an organization. What is kept of it here is drawn from acts: approval and suspension with a reason, the
merging of a duplicate into another, and names by which other systems call it.

- A suspended supplier's lots do not get past receiving: refused when the device had seen the suspension, else accepted
  and flagged.
- A merge rewrites nothing: records go on naming whom they named, and whoever counts looks up who that is now. A chain
  of merges leads to the last, and two can never be merged into each other.
- Names from other systems are only proposed by their likeness; a person confirms each, by an act.
"""
