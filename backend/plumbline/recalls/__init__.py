"""Recalls: a case opened on material, accounted for to the last kilogram.

A package of its own beside `defects`: a defect is what somebody found in one place, a recall follows material to every
place. Opening one freezes its scope with the reason of each item, and stops its lots in the same transaction. The
items add up to what was received, always: what leaves a recalled lot afterwards moves from one item to another.
A drill does all of it on the real data and stops nobody.
"""
