"""The application: every package's handlers, one engine, problems as RFC 9457 documents."""

import asyncio
import importlib
import logging
import os
import pkgutil
import signal
from typing import Any, Literal

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.datastructures import State
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from pydantic import BaseModel
from sqlalchemy import Engine

import plumbline
from plumbline import contract, db, jobs, outage, telemetry
from plumbline.acts import house
from plumbline.grants.log import note_view
from plumbline.identity.access import READER
from plumbline.logs import answer_unexpected, shown_path
from plumbline.problems import JSON, Malformed, NotFound, Problem, TooLarge, language
from plumbline.serve.outside import wrap
from plumbline.serve.readiness import Readiness
from plumbline.settings import Settings, load_or_stop
from plumbline.storage import service as storage

log = logging.getLogger(__name__)
MAX_BODY_BYTES = 1024 * 1024
PROBLEM = "application/problem+json"
# Rows and acts register themselves when these are imported.
REGISTERING = ("acts", "proof", "rows", "feed", "derivatives", "notices")

AnyRequest = Request[Any, Any, State]


def import_packages() -> list[Any]:
    """Import every package's acts and feed rows; returns the handlers of all routes.py, by package name."""
    handlers: list[Any] = []
    for package in sorted(p.name for p in pkgutil.iter_modules(plumbline.__path__) if p.ispkg):
        path = f"plumbline.{package}"
        for name in ("models", *REGISTERING):
            if package != "acts" and importlib.util.find_spec(f"{path}.{name}"):
                importlib.import_module(f"{path}.{name}")
        if importlib.util.find_spec(f"{path}.routes"):
            handlers += importlib.import_module(f"{path}.routes").handlers
    return handlers


def as_json(model: BaseModel) -> msgspec.Raw:
    """A model as JSON, printed by pydantic at once: a copy of it as dicts first takes longer than all the rest."""
    return msgspec.Raw(model.model_dump_json().encode())


@get("/api/health", sync_to_thread=False, dependencies={})
def health() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok", "version": plumbline.__version__}


class NotReady(Problem):
    """The process cannot do its work now; `why` says what is wrong, a sentence each."""

    slug = "not-ready"
    status = 503
    title = {"zh": "服务未就绪", "en": "Not ready"}
    detail = {"zh": "{why}", "en": "{why}"}


class ReadyOut(BaseModel):
    """The process can work; `warnings` say what is wrong and stops nothing, in the reader's language."""

    status: Literal["ready"] = "ready"
    warnings: list[str]


@get("/api/ready")
async def ready(state: State, request: AnyRequest) -> ReadyOut:
    """The process can do its work; answers within seconds, whatever hangs. Problems: not-ready."""
    hindrances, warnings = await state.readiness.asked()
    if hindrances:
        raise NotReady(why=hindrances)
    lang = language(request.headers.get("accept-language"))
    return ReadyOut(warnings=[sentence[lang] for sentence in warnings])


def answer_problem(request: AnyRequest, problem: Problem) -> Response[JSON]:
    """A refusal as problem document in the reader's language."""
    document = problem.document(language(request.headers.get("accept-language")))
    headers = {"Retry-After": str(problem.extra["retry_after_s"])} if "retry_after_s" in problem.extra else {}
    return Response(document, status_code=problem.status, media_type=PROBLEM, headers=headers)


def answer_validation(request: AnyRequest, bad: ValidationException) -> Response[JSON]:
    """A request that does not have the form of its route; `errors` names each field."""
    found = [e for e in (bad.extra or []) if isinstance(e, dict)]
    errors = [{"pointer": str(e.get("key", "")), "message": str(e.get("message", ""))[:300]} for e in found]
    what = "; ".join(f"{e['pointer']}: {e['message']}" for e in errors[:3]) or bad.detail
    return answer_problem(request, Malformed(what=what[:300], errors=errors))


def answer_http(request: AnyRequest, bad: HTTPException) -> Response[JSON]:
    """Litestar's own refusals (404, 405, 413 …) as problem documents."""
    if bad.status_code == 404:
        return answer_problem(request, NotFound())
    if bad.status_code == 413:
        return answer_problem(request, TooLarge(limit=MAX_BODY_BYTES))
    if bad.status_code in (400, 422):
        return answer_problem(request, Malformed(what=bad.detail[:300]))
    document = {"type": "about:blank", "title": bad.detail, "status": bad.status_code, "detail": bad.detail}
    return Response(document, status_code=bad.status_code, media_type=PROBLEM, headers=bad.headers)


def answer_error(request: AnyRequest, error: Exception) -> Response[JSON]:
    """A database that is away or a full disk as what they are; anything else is a fault of ours."""
    problem = outage.problem_of(error)
    if problem is None:
        return answer_unexpected(request, error)
    log.error("%s %s met %s: %s", request.method, shown_path(request.url.path), problem.slug, error)
    return answer_problem(request, problem)


def create_app(settings: Settings | None = None) -> Litestar:
    """The application for these settings (default: read from environment and file)."""
    settings = settings or load_or_stop()
    return make_app(settings, db.make_engine(settings))


def make_app(settings: Settings, engine: Engine) -> Litestar:
    """The application on an engine that is there already; it disposes of the engine at its end."""

    def start() -> None:
        house.enrol(engine, settings)
        if not jobs.has_tables(engine):
            jobs.prepare(settings)
        storage.set_up(settings)

    def launch_jobs() -> None:
        try:
            jobs.launch(engine, settings)
        except Exception:
            # A server that takes files and never looks at them is worse than one that ends and is started again.
            log.exception("Jobs could not be started; the server ends.")
            os.kill(os.getpid(), signal.SIGTERM)

    def stop() -> None:
        jobs.stop()
        telemetry.switch_off()
        engine.dispose()

    # In threads: both wait for the database, and DBOS refuses to be launched where an event loop runs.
    async def on_startup(app: Litestar) -> None:
        await asyncio.to_thread(start)
        if settings.jobs == "embedded":
            # Beside the first answers: importing and launching DBOS takes as long as a quarter of the start.
            app.state.launching = asyncio.create_task(asyncio.to_thread(launch_jobs))

    async def on_shutdown(app: Litestar) -> None:
        if settings.jobs == "embedded":
            await app.state.launching
        await asyncio.to_thread(stop)

    app = Litestar(
        route_handlers=[health, ready, *import_packages()],
        dependencies=READER,
        exception_handlers={
            Problem: answer_problem,
            ValidationException: answer_validation,
            HTTPException: answer_http,
            Exception: answer_error,
        },
        state=State({"engine": engine, "settings": settings, "readiness": Readiness(engine, settings)}),
        type_encoders={BaseModel: as_json},
        before_send=[note_view, contract.tell_methods],
        on_startup=[on_startup],
        on_shutdown=[on_shutdown],
        request_max_body_size=MAX_BODY_BYTES,
        # Logs are set up once for the process (plumbline.logs); Litestar's own would replace them.
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title="Plumbline",
            version=plumbline.__version__,
            description="What exactly is in this wall, who put it there, and where else did it go?",
            path="/schema",
            use_handler_docstrings=True,
            # Pages that draw it load their scripts from elsewhere, which our policy refuses; API.md is for reading.
            render_plugins=[JsonRenderPlugin()],
        ),
    )
    contract.describe(app)
    if settings.traces_endpoint:
        telemetry.switch_on(settings, engine)
    wrap(app, settings)
    return app
