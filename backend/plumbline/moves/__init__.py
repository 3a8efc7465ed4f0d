"""Moves through a chain: stores, yards, vehicles, dealers. Dispatch, arrival with its difference, counts, leaving.

A move between places changes place and balance; it is an edge only where part of a lot goes and so becomes a new lot.
"""
