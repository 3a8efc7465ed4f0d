"""Decisions of named persons at a stage of a flow. A decision is written once; nobody decides on his own work."""
