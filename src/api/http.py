"""GraphQL over HTTP: one POST, the explorer page and health.

What a query means is not known here.
"""

import asyncio
from typing import Final

import msgspec
from graphql import GraphQLError
from litestar import Request, Response, get, post
from litestar.datastructures import State
from opentelemetry import trace
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from api.authentication import Unauthenticated
from api.context import RequestContext, Services
from api.errors import coded, presented
from api.explorer import explorer_page
from api.language import preferred
from api.limits import BODY_BYTES_MAX, DRAINED_BYTES_MAX
from api.schema import schema
from domain.text import Text

BODY_TIMEOUT_S: Final = 30
JSON: Final = "application/json"
GRAPHQL_RESPONSE: Final = "application/graphql-response+json"
OPERATIONS: Final = {OperationType.QUERY, OperationType.MUTATION}
tracer = trace.get_tracer("nguon")

AnyRequest = Request[object, object, State]


class GraphQLRequest(msgspec.Struct, rename="camel"):
    """The body of a POST."""

    query: str
    variables: dict[str, object] | None = None
    operation_name: str | None = None
    extensions: dict[str, object] | None = None


class _Refused(Exception):
    """The request is answered before any GraphQL is looked at."""

    def __init__(self, status: int, code: str, text: Text) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.text = text


@get("/graphql", sync_to_thread=False, include_in_schema=False)
def explorer(request: AnyRequest) -> Response[str] | Response[bytes]:
    """The explorer page. Queries come by POST only."""
    if "query" in request.query_params:
        text = Text("Hãy gửi truy vấn bằng POST.", "Send queries by POST.")
        error = coded("METHOD_NOT_ALLOWED", text, _language(request))
        return _answer({"errors": [error.formatted]}, 405, headers={"Allow": "POST"})
    return explorer_page()


@post("/graphql", status_code=200, include_in_schema=False)
async def graphql(request: AnyRequest) -> Response[bytes]:
    """Answer one GraphQL request. Every failure is a JSON body with `errors[].extensions.code`."""
    with tracer.start_as_current_span("request", kind=trace.SpanKind.SERVER) as span:
        response = await _graphql(request)
        span.set_attribute("http.response.status_code", response.status_code)
        return response


async def _graphql(request: AnyRequest) -> Response[bytes]:
    language = _language(request)
    try:
        media_type = _media_type(request.headers.get("accept"))
        body = await _body(request)
        context = _context(request, language)
        asked = _decoded(request.headers.get("content-type"), body)
    except _Refused as refused:
        error = coded(refused.code, refused.text, language)
        return _answer({"errors": [error.formatted]}, refused.status)
    except Unauthenticated as refused:
        error = coded(refused.code, refused.text, language)
        return _answer({"errors": [error.formatted]}, 401, headers={"WWW-Authenticate": "Bearer"})
    return await _execute(asked, context, media_type)


async def _execute(
    asked: GraphQLRequest, context: RequestContext, media_type: str
) -> Response[bytes]:
    try:
        result = await schema.execute(
            asked.query,
            variable_values=asked.variables,
            context_value=context,
            operation_name=asked.operation_name,
            allowed_operation_types=OPERATIONS,
        )
    except (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError):
        text = Text(
            "Yêu cầu không nêu rõ một truy vấn hay lệnh nào.",
            "The request does not name one query or mutation; subscriptions come over the "
            "WebSocket.",
        )
        refused = coded("BAD_REQUEST", text, context.language)
        return _answer({"errors": [refused.formatted]}, 400, media_type)
    errors = [presented(error, context.language) for error in result.errors or ()]
    body: dict[str, object] = {"data": result.data}
    if errors:
        body["errors"] = [error.formatted for error in errors]
    if isinstance(result, PreExecutionError):
        del body["data"]
    never_executed = "data" not in body or (errors and all(e.path is None for e in errors))
    return _answer(body, _status(errors, media_type, refused=bool(never_executed)), media_type)


def _status(errors: list[GraphQLError], media_type: str, *, refused: bool) -> int:
    codes = {(error.extensions or {}).get("code") for error in errors}
    if "DATABASE_UNAVAILABLE" in codes:
        return 503
    # The older media type promises 200 for whatever GraphQL itself answered.
    return 400 if refused and media_type == GRAPHQL_RESPONSE else 200


def _answer(
    body: dict[str, object],
    status: int,
    media_type: str = JSON,
    headers: dict[str, str] | None = None,
) -> Response[bytes]:
    return Response(
        msgspec.json.encode(body),
        status_code=status,
        media_type=f"{media_type}; charset=utf-8",
        headers=headers,
    )


def _context(request: AnyRequest, language: str) -> RequestContext:
    services: Services = request.app.state.services
    caller = services.tokens.read(request.headers.get("authorization"))
    return RequestContext(services, caller, language)


def _language(request: AnyRequest) -> str:
    return preferred(request.headers.get("accept-language"))


def _media_type(accept: str | None) -> str:
    accepted = (accept or "*/*").casefold()
    if GRAPHQL_RESPONSE in accepted:
        return GRAPHQL_RESPONSE
    if any(kind in accepted for kind in (JSON, "application/*", "*/*")):
        return JSON
    raise _Refused(
        406,
        "NOT_ACCEPTABLE",
        Text("Chỉ trả lời bằng JSON.", f"Only application/json and {GRAPHQL_RESPONSE} are served."),
    )


async def _body(request: AnyRequest) -> bytes:
    """The whole body.

    One that is too long is read on without being kept, so that the client can read the refusal.
    """
    too_large = _Refused(
        413,
        "REQUEST_TOO_LARGE",
        Text(
            f"Yêu cầu quá lớn; tối đa {BODY_BYTES_MAX} byte.",
            f"The request is too large; at most {BODY_BYTES_MAX} bytes.",
        ),
    )
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > DRAINED_BYTES_MAX:
        raise too_large
    kept, length, more = bytearray(), 0, True
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            while more and length <= DRAINED_BYTES_MAX:
                message = await request.receive()
                if message["type"] != "http.request":
                    break
                length += len(message["body"])
                if length <= BODY_BYTES_MAX:
                    kept += message["body"]
                more = message["more_body"]
    except TimeoutError:
        raise _Refused(
            408,
            "REQUEST_TIMEOUT",
            Text("Yêu cầu đến quá chậm.", "The request came too slowly."),
        ) from None
    if length > BODY_BYTES_MAX:
        raise too_large
    return bytes(kept)


_decoder = msgspec.json.Decoder(GraphQLRequest)


def _decoded(content_type: str | None, body: bytes) -> GraphQLRequest:
    if (content_type or "").partition(";")[0].strip().casefold() != JSON:
        raise _Refused(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            Text("Hãy gửi application/json.", "Send application/json."),
        )
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _Refused(
            400,
            "BAD_REQUEST",
            Text(
                "Nội dung phải là một đối tượng JSON có “query”.",
                "The body must be one JSON object with “query”.",
            ),
        ) from None
