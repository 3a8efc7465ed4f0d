"""Which elements each node of the trace stands behind, for many elements at once."""

from collections.abc import Iterable, Mapping
from uuid import UUID


def behind(elements: Mapping[UUID, int], edges: Iterable[tuple[UUID, UUID]]) -> dict[UUID, int]:
    """For each node the elements reached from it, as bits; `elements` has the bits of each, `edges` (source, target).

    One pass in the order of the material when the graph has no cycle, as it should; where imported data has one, the
    nodes on it are gone through again until nothing changes.
    """
    masks = dict(elements)
    into: dict[UUID, list[UUID]] = {}
    for source, target in edges:
        into.setdefault(target, []).append(source)
    waiting = list(masks)
    while waiting:
        changed: dict[UUID, None] = {}
        for target in waiting:
            mask = masks[target]
            for source in into.get(target, ()):
                had = masks.get(source, 0)
                if had | mask != had:
                    masks[source] = had | mask
                    changed[source] = None
        waiting = list(changed)
    return masks
