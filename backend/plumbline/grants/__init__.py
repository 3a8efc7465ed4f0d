"""Grants (授权链接): access without membership, by a link that a project gives and takes back.

One mechanism for every holder: inspector, approver, supplier, public. A grant has a holder, a scope (the project, an
element with all below it, or a lot), rights, an expiry, and a log of every view.

What it guarantees:

- A grant is given and revoked by signed acts, so it is drawn again from them. Its link is a secret of 128 bits that no
  act names: kept by its hash, shown once, replaced by asking for another. Names of holders are kept beside it, for
  names can be corrected and erased and acts cannot.
- Routes open to links say so: they take a `viewer`. All others take a `reader`, and to them a link's token is no token.
- `sight_of` (sight.py) is the one place where membership or grant decides what is seen. The grant's row is read for
  each request, so a revocation takes effect with the next one.
- Each answer to a link is written to its log, and the log is committed before the answer leaves. Nothing changes or
  deletes its rows.

What a link shows:

- *Project*: every element, lot, step, defect and file, and the acts behind them, but not the acts that admit members
  and give links, and no refused act.
- *Element*: the node with all below it; its steps, defects, photos; and its material chain walked backward: the lots
  and what they were made from, with certificates and tests. Other elements are not there, also where they used the
  same lot. Ancestors are named, as the address of the element.
- *Lot*: the lot and what it was made from, with certificates and tests. Where it went is shown in the trace by name
  alone: sublots, records and elements have a code and a name there, and no page, photo, person or status behind it.
- *No feed* for any of them: a feed is what a phone keeps, and what is kept outlives a revocation.
- Originals need their own right; without it photos are shown in their smaller form, which carries no position.
- Names of people appear where records name them. Costs are nowhere.
"""
