"""A sample project that looks like real sites, made by posting signed acts.

`people`, `ground`, `tower`, `pier` and the two stories are tables; `opening`, `telling` and `working` turn their rows
into acts; `paint`, `scenes`, `papers` and `photos` draw the pictures; `loader` puts it together.
"""

from plumbline.sample.loader import SampleIncomplete, SampleThere, load

__all__ = ["SampleIncomplete", "SampleThere", "load"]
