"""One HTTP request and what came back, refusals included; for commands that try things, not for serving."""

import urllib.error
import urllib.request


def answer_of(
    method: str, url: str, headers: dict[str, str], body: bytes | None, wait_s: float
) -> tuple[int, dict[str, str]]:
    """Status and headers (lower case) of the answer. Raises OSError when none came."""
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=wait_s) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, {name.lower(): value for name, value in refused.headers.items()}
