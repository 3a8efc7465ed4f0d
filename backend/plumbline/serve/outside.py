"""The layers around the application that every request passes, outermost first: log, figures, headers, front end."""

from typing import cast

from litestar import Litestar
from litestar.types import ASGIApp as LitestarAsgiApp

from plumbline import metrics, telemetry
from plumbline.logs import RequestLog
from plumbline.serve.asgi import AsgiApp
from plumbline.serve.headers import SecurityHeaders
from plumbline.serve.lanes import KeepApart
from plumbline.serve.static import StaticFiles
from plumbline.settings import Settings


def wrap(app: Litestar, settings: Settings) -> Litestar:
    """Put the layers around `app`, in place.

    Not Litestar middleware: that runs only for routes that were found, and the request id, the headers and
    the log line belong to refused and unknown requests as well.
    """
    inner = KeepApart(cast("AsgiApp", app.asgi_handler))
    layers: AsgiApp = SecurityHeaders(StaticFiles(inner, settings.pwa_dir), settings)
    if settings.traces_endpoint:
        layers = telemetry.Traced(layers)
    if settings.metrics_port:
        from plumbline.metrics.counting import Timed

        layers = Timed(layers, metrics.counts())
    app.asgi_handler = cast("LitestarAsgiApp", RequestLog(layers))
    return app
