"""Rows are a picture drawn from the acts: drawing them again into an empty database gives the same picture.

Guarantees: every table is listed as projected or kept (tables.py, held against the schema by a test); a redrawing
decides nothing again (verdicts, numbers, times of receipt and file verification are recorded), runs no job and writes
to no store; what differs is named by table, key and column.
"""
