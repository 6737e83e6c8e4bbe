"""The one place where what went wrong becomes what a client reads.

A code, a sentence, and never a stack trace.
"""

import logging
from typing import Final
from uuid import uuid4

from graphql import GraphQLError
from opentelemetry import trace

from db.database import CONNECTION_LOST, DatabaseUnavailable
from domain.errors import Refusal
from domain.text import Text
from eventstore.group_commit import OutcomeUnknown

logger = logging.getLogger("nguon.api")

DATABASE_UNAVAILABLE: Final = Text(
    "Cơ sở dữ liệu tạm thời không truy cập được; hãy gửi lại với cùng commandId.",
    "The database cannot be reached at the moment; send the request again with the same commandId.",
)
INTERNAL: Final = Text(
    "Lỗi nội bộ; hãy báo mã vết cho người vận hành.",
    "Internal error; report the trace id to the operator.",
)


def coded(code: str, text: Text, language: str) -> GraphQLError:
    """An error of our own making."""
    return GraphQLError(text.in_language(language), extensions={"code": code})


def presented(error: GraphQLError, language: str) -> GraphQLError:
    """The same error as a client may see it.

    A surprise is logged here, once, under the trace id it is given.
    """
    code, message, more = _explained(error, language)
    return GraphQLError(
        message, nodes=error.nodes, path=error.path, extensions={"code": code, **more}
    )


def _explained(error: GraphQLError, language: str) -> tuple[str, str, dict[str, object]]:
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    if isinstance(cause, Refusal):
        named = {"field": cause.field, "rule": cause.rule, "source": cause.source}
        more: dict[str, object] = {name: value for name, value in named.items() if value}
        return cause.code, cause.text.in_language(language), more
    if isinstance(cause, (DatabaseUnavailable, OutcomeUnknown, *CONNECTION_LOST)):
        logger.warning("the database is unavailable: %s", type(cause).__name__)
        return "DATABASE_UNAVAILABLE", DATABASE_UNAVAILABLE.in_language(language), {}
    code = (error.extensions or {}).get("code")
    if isinstance(code, str):
        return code, error.message, {}
    if cause is None or isinstance(cause, GraphQLError) or _is_variable(error):
        return "BAD_USER_INPUT", error.message, {}
    trace_id = _trace_id()
    logger.error("unexpected error, trace id %s", trace_id, exc_info=cause)
    return "INTERNAL", INTERNAL.in_language(language), {"traceId": trace_id}


def _is_variable(error: GraphQLError) -> bool:
    # A scalar that cannot parse a variable's value raises, and only the message says where it
    # came from.
    return error.path is None and error.message.startswith("Variable '$")


def _trace_id() -> str:
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else uuid4().hex
