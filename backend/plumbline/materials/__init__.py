"""Lots, movements, certificates, tests. A lot is a quantity of one material that is one thing for quality."""
