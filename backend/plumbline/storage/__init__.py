"""Where bytes lie: one interface, two stores (folder, S3), one test suite."""
