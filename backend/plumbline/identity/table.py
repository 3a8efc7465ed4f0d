"""The table of roles as data for the API, and as TypeScript for the screens (`make types`)."""

import json
import sys
from typing import Any

from plumbline.identity.roles import GIVES, MAY, SEES, Role

HEAD = "/** Drawn from identity/roles.py by `make types`; a test holds it against the code. The server judges again. */"


def document() -> dict[str, Any]:
    """{roles, may: act type → roles, sees: what is read → roles, gives: role → roles}, each in a steady order."""
    return {
        "roles": [str(role) for role in Role],
        "may": {act: _listed(MAY[act]) for act in sorted(MAY)},
        "sees": {what: _listed(SEES[what]) for what in sorted(SEES)},
        "gives": {str(role): _listed(GIVES[role]) for role in sorted(GIVES)},
    }


def _listed(roles: frozenset[Role]) -> list[str]:
    return [str(role) for role in Role if role in roles]


def typescript() -> str:
    """The module that screens import."""
    parts = [
        f"export const {name.upper()} = {json.dumps(rows, indent=2)} as const;" for name, rows in document().items()
    ]
    return "\n\n".join([HEAD, *parts]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(typescript())
