"""Step records: people, equipment, material, method, environment and measurement at one task node, with photos.

A record is written once. What the judge said of its values, what evidence it lacked and how far the fix was from
the task are recorded with it and never decided again. A correction is a new record that supersedes the old one;
the old one stays, and what it had taken from its lots is given back.
"""
