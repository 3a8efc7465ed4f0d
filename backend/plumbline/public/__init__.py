"""The page that anybody sees who scans a label, where the project allows it, and the report of a fault through it.

- A project opens its pages by an act (`project:publish`), and closes them by another. While it has not, the answer to
  a stranger's scan is the one for a code that nothing has.
- The page says what the thing is, how it stands and what proves it: certificates, tests, steps by kind and day. Nobody
  is named on it, no photo is shown, no quantity and no cost; places, machines and blank labels have no page.
- A fault that somebody reports becomes an act of the house, `fault:report`, flagged `public`, and lands as an open
  defect that people of the project confirm or dismiss. Its photo goes the way of all evidence and is verified.
- Each view is a line in the log of grants (time, element or lot, network, browser; no address), committed before the
  answer leaves. Views and reports are counted by sender, reports by project too, so that nobody can flood either.
"""
