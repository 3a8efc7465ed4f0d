"""Decisions of named persons at a stage of a flow."""
