"""The door: every write comes in as a list of signed acts; each is checked, applied and answered on its own.

Guarantees: exact bytes are kept; applying is one transaction; the same id and bytes get the same verdict;
nothing validly signed is thrown away; every applied act has a gapless number in its project.
"""
