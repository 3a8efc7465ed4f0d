"""Evidence (证据): files with their hash and how they were captured.

Guarantees: an original is kept byte for byte under its SHA-256; `verified` is said only after the server itself
has read and hashed every byte; nothing but a derivative made in a separate process is ever shown inline.
"""
