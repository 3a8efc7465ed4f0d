"""The layers around the application that every request passes, outermost first: log, headers, front end."""

from typing import cast

from litestar import Litestar
from litestar.types import ASGIApp as LitestarAsgiApp

from plumbline.logs import RequestLog
from plumbline.serve.asgi import AsgiApp
from plumbline.serve.headers import SecurityHeaders
from plumbline.serve.static import StaticFiles
from plumbline.settings import Settings


def wrap(app: Litestar, settings: Settings) -> Litestar:
    """Put the layers around `app`, in place.

    Not Litestar middleware: that runs only for routes that were found, and the request id, the headers and
    the log line belong to refused and unknown requests as well.
    """
    inner = cast("AsgiApp", app.asgi_handler)
    layers = RequestLog(SecurityHeaders(StaticFiles(inner, settings.pwa_dir), settings))
    app.asgi_handler = cast("LitestarAsgiApp", layers)
    return app
