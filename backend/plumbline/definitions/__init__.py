"""Definitions: what a material must show, how a step is recorded, and which figures pass.

A definition is data with a version; a record keeps the version it was made under. The shipped definitions are
version 1 of every key; a project publishes later versions. The judge here only computes: it imports no session.
"""
