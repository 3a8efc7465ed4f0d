"""Measurements: `make bench` prints figures. They fail only when something is broken, never for being slow."""
