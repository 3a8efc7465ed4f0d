"""Fixtures for every test: the databases and the cast."""

pytest_plugins = ["tests.support.databases"]
