"""A backup is a folder: the database, every file of evidence by its hash, the server's keys, and a manifest.

Guarantees: taken while the server runs, and still one moment; every file that a row of it calls verified is in it, or
named as missing; the manifest is written last, so that a backup cut off is seen as none; nothing is restored before
every hash was checked.
"""
