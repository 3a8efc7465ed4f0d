"""Where bytes lie: one interface, two stores (folder, S3), one test suite.

What was put is there byte for byte after a power cut, or the caller got an error. A key never leaves the store.
"""
