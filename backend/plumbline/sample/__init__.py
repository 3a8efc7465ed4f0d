"""A sample project that looks like real sites, made by posting acts."""
