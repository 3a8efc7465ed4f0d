"""What the records say together: common causes of defects, scorecards of suppliers and crews, control charts.

What the package guarantees:

- Nobody is judged by a bare percentage. A number stands beside what it was counted from, with its interval or its
  exact test, and every count opens the records behind it.
- Everything is computed from facts when it is asked for. Nothing of it is stored, and nothing travels in the feed:
  scorecards and charts are read by routes with roles (identity/roles.py, SEES).
- `exact.py`, `causes.py`, `control.py` and `rules.py` only compute: no session, no web. They are tried against
  published examples.
"""
