"""The append-only list of all acts; until commitments are built, the act's own row is the entry."""
