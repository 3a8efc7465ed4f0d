"""Make the compressed siblings of the built front end: `python -m plumbline.serve.compress pwa/dist`.

Run once after the build, at the highest level, so that the server never compresses anything itself.
Brotli is a dependency of the build only.
"""

import gzip
import sys
from pathlib import Path

COMPRESSIBLE = {".js", ".mjs", ".css", ".html", ".svg", ".json", ".webmanifest", ".wasm", ".txt", ".map"}
# Below this the headers of a packet weigh more than what compression saves.
SMALLEST_BYTES = 512


def compress(root: Path) -> int:
    """Write `.br` and `.gz` beside each compressible file below `root`; returns how many files got siblings."""
    import brotli  # type: ignore[import-untyped]

    count = 0
    for path in sorted(p for p in root.rglob("*") if p.suffix in COMPRESSIBLE and p.is_file()):
        original = path.read_bytes()
        if len(original) < SMALLEST_BYTES:
            continue
        _write(path, ".br", brotli.compress(original, quality=11), len(original))
        _write(path, ".gz", gzip.compress(original, 9, mtime=0), len(original))
        count += 1
    return count


def _write(path: Path, suffix: str, packed: bytes, original_bytes: int) -> None:
    sibling = path.with_name(path.name + suffix)
    if len(packed) < original_bytes:
        sibling.write_bytes(packed)
    else:
        sibling.unlink(missing_ok=True)


def main(arguments: list[str] | None = None) -> int:
    """Compress the folder named on the command line."""
    (folder,) = arguments if arguments is not None else sys.argv[1:]
    root = Path(folder)
    if not root.is_dir():
        sys.stderr.write(f"There is no folder {root} to compress. Build the front end first.\n")
        return 2
    sys.stdout.write(f"Compressed {compress(root)} files of {root}.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
