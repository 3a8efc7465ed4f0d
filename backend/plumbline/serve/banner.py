"""What `make run` prints when the server answers: where to go, the code for the phone, who can sign in."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import qrcode

BLACK_ON_WHITE = "\x1b[30;107m"
PLAIN = "\x1b[0m"


def terminal_code(text: str, *, is_colour: bool) -> str:
    """A QR code of `text` in half blocks, two modules a character, with the quiet zone that scanners need.

    With colours it is black on white in every terminal; without, it suits a light one.
    """
    code = qrcode.QRCode(border=2, error_correction=qrcode.ERROR_CORRECT_L)
    code.add_data(text)
    rows = code.get_matrix()
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    blocks = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
    lines = ["".join(blocks[pair] for pair in zip(*rows[i : i + 2], strict=True)) for i in range(0, len(rows), 2)]
    if is_colour:
        lines = [f"{BLACK_ON_WHITE}{line}{PLAIN}" for line in lines]
    return "\n".join(f"  {line}" for line in lines)


def banner(*, local: str, network: str, trust_page: str, fingerprint: str, log_file: Path, warning: str) -> str:
    """The lines that tell where the server is and how a phone joins."""
    lines = [
        "",
        "Plumbline is running. 已启动。",
        "",
        f"  This computer   本机      {local}",
        f"  Phones          手机      {network}",
        f"  First on each phone 手机首次使用  {trust_page}",
        f"      installs this server's authority 安装证书, SHA-256 {fingerprint}",
        "",
        terminal_code(network, is_colour=sys.stdout.isatty()),
        "",
        f"  Log 日志  {log_file}",
        "  Stop 停止  Ctrl+C",
    ]
    return "\n".join([*lines, *([f"  {warning}"] if warning else []), ""])


def sign_ins(people: Iterable[Mapping[str, str]]) -> str:
    """The sample's sign-ins as a table: they are printed this once and stored only as hashes."""
    rows = [(p["login"], p["password"], p.get("display_name", ""), p.get("role", "")) for p in people]
    if not rows:
        return ""
    widths = [max(len(row[i]) for row in rows) for i in range(2)]
    lines = [
        f"  {login:<{widths[0]}}  {word:<{widths[1]}}  {name}  {role}".rstrip() for login, word, name, role in rows
    ]
    head = "Sample sign-ins, shown only now 示例账号，仅显示这一次 (login, password, name, role):"
    return "\n".join(["", head, *lines, ""])
