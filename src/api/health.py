"""Whether the process lives, and whether it can answer. Asked by machines, without a token."""

from litestar import Response, get
from litestar.connection import Request
from litestar.datastructures import State

from api.context import Services


@get("/health/live", sync_to_thread=False, include_in_schema=False)
def live() -> dict[str, str]:
    """The process answers; nothing is said about what it needs."""
    return {"status": "live"}


@get("/health/ready", include_in_schema=False)
async def ready(request: Request[object, object, State]) -> Response[dict[str, object]]:
    """200 when everything is there, else 503 with what is missing.

    Projections that stand still in some tenants are named in either case: the others are served.
    """
    services: Services = request.app.state.services
    missing = await services.readiness.missing()
    told: dict[str, object] = {
        "status": "not ready" if missing else "ready",
        "missing": missing,
        "standing": await services.readiness.standing(),
    }
    return Response(told, status_code=503 if missing else 200)
