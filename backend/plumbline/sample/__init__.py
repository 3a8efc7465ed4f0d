"""A sample project that looks like real sites, made by posting signed acts.

`people`, `ground`, `tower`, `pier` and the two stories are tables; `opening`, `telling` and `working` turn their rows
into acts; `paint`, `scenes`, `papers` and `photos` draw the pictures; `loader` puts it together, once.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Engine

from plumbline.sample.state import SampleIncomplete, SampleThere
from plumbline.settings import Settings

__all__ = ["SampleIncomplete", "SampleThere", "load"]


def load(engine: Engine, settings: Settings) -> Iterable[Mapping[str, str]]:
    """Load the sample; returns login, password, display_name and role of those who sign in.

    Raises SampleThere, SampleIncomplete (with a sentence on what to do), SampleRefused.
    """
    from plumbline.sample import loader  # Draws pictures: nothing that a start without a load should wait for.

    return loader.load(engine, settings)
