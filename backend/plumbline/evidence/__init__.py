"""Files with their hash: declared by acts, uploaded, read back and hashed by the server before they count as verified."""
