"""The Litestar application: which path leads where, and what happens to what nobody expected."""

import logging
from uuid import uuid4

import msgspec
from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from api.context import Services
from api.errors import INTERNAL, coded
from api.explorer import explorer_file
from api.health import live, ready
from api.http import explorer, graphql
from api.language import preferred
from api.websocket import OpenConnections, graphql_socket
from domain.text import Text

logger = logging.getLogger("nguon.api")


def application(services: Services, connections: OpenConnections) -> Litestar:
    """The ASGI application over these services."""
    return Litestar(
        route_handlers=[explorer, graphql, graphql_socket, explorer_file, live, ready],
        state=State({"services": services, "connections": connections}),
        exception_handlers={HTTPException: _refused, Exception: _surprised},
        openapi_config=None,
        logging_config=None,
        debug=False,
    )


def _refused(request: Request[object, object, State], error: HTTPException) -> Response[bytes]:
    text = Text(f"Không phục vụ yêu cầu này ({error.status_code}).", error.detail)
    return _answer(request, "HTTP_ERROR", text, error.status_code)


def _surprised(request: Request[object, object, State], error: Exception) -> Response[bytes]:
    trace_id = uuid4().hex
    logger.error("unexpected error, trace id %s", trace_id, exc_info=error)
    return _answer(request, "INTERNAL", INTERNAL, 500, traceId=trace_id)


def _answer(
    request: Request[object, object, State], code: str, text: Text, status: int, **more: str
) -> Response[bytes]:
    error = coded(code, text, preferred(request.headers.get("accept-language")))
    assert error.extensions is not None
    error.extensions.update(more)
    return Response(
        msgspec.json.encode({"errors": [error.formatted]}),
        status_code=status,
        media_type="application/json; charset=utf-8",
    )
