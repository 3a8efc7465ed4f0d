"""Who is who: people, organizations, memberships with roles, crews, equipment, devices, and how they sign in.

Guarantees: a project's data is reachable only by its members (identity/access.py is the one way in);
an invitation is used once; a refresh token that comes back after use ends its family; secrets are stored hashed.
"""
