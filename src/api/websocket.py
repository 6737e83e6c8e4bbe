"""GraphQL over WebSocket, protocol graphql-transport-ws only.

A connection lives no longer than its token.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from graphql import GraphQLError
from litestar import WebSocket, websocket
from litestar.datastructures import State
from litestar.exceptions import WebSocketDisconnect
from strawberry.http.async_base_view import AsyncWebSocketAdapter
from strawberry.http.exceptions import (
    NonJsonMessageReceived,
    NonTextMessageReceived,
    WebSocketDisconnected,
)
from strawberry.schema.schema import StreamResult
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    ConnectionInitMessage,
    SubscribeMessage,
)
from strawberry.types.execution import ExecutionResult, PreExecutionError

from api.authentication import Caller, Unauthenticated
from api.context import RequestContext, Services
from api.errors import presented
from api.language import preferred
from api.limits import BODY_BYTES_MAX
from api.schema import schema

INITIALISATION: Final = timedelta(seconds=15)
OPERATIONS_MAX: Final = 50
UNAUTHORIZED: Final = 4401
FORBIDDEN: Final = 4403
BAD_REQUEST: Final = 4400
PROTOCOL_NOT_ACCEPTABLE: Final = 4406
GOING_AWAY: Final = 1001
MESSAGE_TOO_BIG: Final = 1009
TOO_MANY_INITIALISATIONS: Final = 4429
GOODBYE_S: Final = 2.0

Socket = WebSocket[object, object, State]


class OpenConnections:
    """The connections of this process.

    So that a stop can close each with a frame instead of dropping it.
    """

    def __init__(self) -> None:
        self._open: set[_Messages] = set()
        self._none_open = asyncio.Event()
        self._none_open.set()

    @contextmanager
    def holding(self, messages: "_Messages") -> Iterator[None]:
        """Remember a connection as long as the block lasts."""
        self._open.add(messages)
        self._none_open.clear()
        try:
            yield
        finally:
            self._open.discard(messages)
            if not self._open:
                self._none_open.set()

    async def close(self) -> None:
        """Tell every client that the server goes away.

        Waits at most `GOODBYE_S` for all of them.
        """
        for messages in list(self._open):
            await messages.close(GOING_AWAY, "The server is going away")
        with suppress(TimeoutError):
            await asyncio.wait_for(self._none_open.wait(), GOODBYE_S)


@websocket("/graphql")
async def graphql_socket(socket: Socket) -> None:
    """One connection with any number of subscriptions, each with its own cursor."""
    if GRAPHQL_TRANSPORT_WS_PROTOCOL not in socket.scope["subprotocols"]:
        await socket.accept()
        await _close(socket, PROTOCOL_NOT_ACCEPTABLE, "Subprotocol not acceptable")
        return
    await socket.accept(subprotocols=GRAPHQL_TRANSPORT_WS_PROTOCOL)
    connections: OpenConnections = socket.app.state.connections
    messages = _Messages(socket)
    with connections.holding(messages):
        await _Handler(socket, messages).handle()


class _Messages(AsyncWebSocketAdapter):
    """JSON text messages over Litestar's socket.

    Granian sends a close frame only once nobody waits for a message any more: whoever closes has
    the wait given up.
    """

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self._closing: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._code = GOING_AWAY
        self._waits = False

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object]:
        while (text := await self._text()) is not None:
            if not text:
                raise NonTextMessageReceived
            if len(text) > BODY_BYTES_MAX:
                await self.close(MESSAGE_TOO_BIG, "Message too large")
                return
            try:
                message: object = json.loads(text)
            except (ValueError, RecursionError):
                if ignore_parsing_errors:
                    continue
                raise NonJsonMessageReceived from None
            yield message

    async def send_json(self, message: Mapping[str, object]) -> None:
        try:
            await self._socket.send_data(json.dumps(message, ensure_ascii=False))
        except (WebSocketDisconnect, RuntimeError):
            raise WebSocketDisconnected from None

    async def close(self, code: int, reason: str) -> None:
        if self._waits:
            if not self._closing.done():
                self._code = code
                self._closing.set_result(reason)
        else:
            await _close(self._socket, code, reason)

    async def _text(self) -> str | None:
        """The next message; None when the connection has ended or is to end."""
        if self._socket.connection_state == "disconnect":
            return None
        receiving = asyncio.create_task(self._socket.receive_text())
        self._waits = True
        try:
            await asyncio.wait({receiving, self._closing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._waits = False
            given_up = receiving.cancel()
            with suppress(asyncio.CancelledError, WebSocketDisconnect):
                await receiving
        if self._closing.done():
            await _close(self._socket, self._code, self._closing.result())
            return None
        return None if given_up or receiving.exception() is not None else receiving.result()


class _Handler(BaseGraphQLTransportWSHandler[RequestContext, None]):
    """Strawberry's protocol, with our authentication before and our errors after its answer."""

    context: RequestContext

    def __init__(self, socket: Socket, messages: _Messages) -> None:
        self._socket = socket
        self._expiry: asyncio.Task[None] | None = None
        super().__init__(
            view=None,  # type: ignore[arg-type]  # Used only by the step that is replaced below.
            websocket=messages,
            context=None,  # type: ignore[arg-type]  # Known when the connection is initialised.
            root_value=None,
            schema=schema,
            connection_init_wait_timeout=INITIALISATION,
            max_subscriptions_per_connection=OPERATIONS_MAX,
        )

    async def shutdown(self) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
        await super().shutdown()

    async def handle_message(self, message: object) -> None:
        if not isinstance(message, dict):
            await self.handle_invalid_message("Messages are JSON objects")
            return
        try:
            await super().handle_message(message)  # type: ignore[arg-type]
        except (TypeError, AttributeError):
            await self.handle_invalid_message("Failed to parse message")

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        if self.connection_init_timeout_task:
            self.connection_init_timeout_task.cancel()
        if self.connection_init_received:
            await self.websocket.close(TOO_MANY_INITIALISATIONS, "Too many initialisation requests")
            return
        self.connection_init_received = True
        payload: object = message.get("payload") or {}
        if not isinstance(payload, dict):
            await self.websocket.close(BAD_REQUEST, "Invalid connection init payload")
            return
        services: Services = self._socket.app.state.services
        try:
            caller = services.tokens.read(self._authorization(payload))
        except Unauthenticated as refused:
            await self.websocket.close(FORBIDDEN, refused.code)
            return
        language = payload.get("Accept-Language") or self._socket.headers.get("accept-language")
        self.context = RequestContext(
            services, caller, preferred(language if isinstance(language, str) else None)
        )
        self._expiry = asyncio.create_task(self._close_on_expiry(caller))
        self.connection_acknowledged = True
        await self.send_message({"type": "connection_ack"})

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        if self.connection_acknowledged:
            self.context = self.context.renewed()
        await super().handle_subscribe(message)

    def _authorization(self, payload: Mapping[str, object]) -> str | None:
        given = payload.get("Authorization") or payload.get("authorization")
        if isinstance(given, str):
            return given
        return self._socket.headers.get("authorization")

    async def _close_on_expiry(self, caller: Caller) -> None:
        await asyncio.sleep((caller.expires_at - datetime.now(UTC)).total_seconds())
        await self.websocket.close(UNAUTHORIZED, "TOKEN_EXPIRED")

    async def _send_result_stream(
        self,
        operation: Operation[RequestContext, None],
        result_source: StreamResult,
    ) -> None:
        await super()._send_result_stream(operation, self._presented(result_source))

    async def _presented(self, results: StreamResult) -> StreamResult:
        language = self.context.language
        try:
            async for result in results:
                if isinstance(result, ExecutionResult) and result.errors:
                    result.errors = [presented(error, language) for error in result.errors]
                yield result
        except GraphQLError as error:
            # A document that cannot be parsed is raised through the stream, not yielded by it.
            yield PreExecutionError(data=None, errors=[presented(error, language)])


async def _close(socket: Socket, code: int, reason: str) -> None:
    with suppress(Exception):  # It may be gone already, in more ways than one.
        await socket.close(code=code, reason=reason)
