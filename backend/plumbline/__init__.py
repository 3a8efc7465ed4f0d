"""Plumbline: what exactly is in this wall, who put it there, and where else did it go?"""

__version__ = "0.1.0"
