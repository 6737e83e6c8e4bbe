"""The explorer page: GraphiQL served from this installation, without any address outside it."""

from importlib.resources import files

from litestar import MediaType, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

PAGE = """<!DOCTYPE html>
<html lang="vi">
<head>
  <meta charset="utf-8">
  <title>Nguồn · GraphQL</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/graphql/explorer/graphiql.min.css">
  <link rel="stylesheet" href="/graphql/explorer/explorer.css">
</head>
<body>
  <form id="access">
    <label for="token">Authorization: Bearer</label>
    <input id="token" name="token" type="password" autocomplete="off" spellcheck="false"
      placeholder="nguon token --role ROLE --organization CODE">
    <button>Dùng · Use</button>
  </form>
  <div id="explorer">…</div>
  <script src="/graphql/explorer/react.production.min.js"></script>
  <script src="/graphql/explorer/react-dom.production.min.js"></script>
  <script src="/graphql/explorer/graphiql.min.js"></script>
  <script src="/graphql/explorer/graphql-ws.min.js"></script>
  <script src="/graphql/explorer/explorer.js"></script>
</body>
</html>
"""

_GRAPHIQL = files("graphene_django_graphiql_static") / "static" / "graphene_django_graphiql_static"
_FILES = {
    "graphiql.min.css": (_GRAPHIQL, "text/css"),
    "react.production.min.js": (_GRAPHIQL, "text/javascript"),
    "react-dom.production.min.js": (_GRAPHIQL, "text/javascript"),
    "graphiql.min.js": (_GRAPHIQL, "text/javascript"),
    "graphql-ws.min.js": (_GRAPHIQL, "text/javascript"),
    "explorer.css": (files("api") / "static", "text/css"),
    "explorer.js": (files("api") / "static", "text/javascript"),
}
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src "
    "'self' data:; "
    "frame-ancestors 'none'"
)


def explorer_page() -> Response[str]:
    """The page itself; its policy forbids the browser to load anything from elsewhere."""
    return Response(
        PAGE,
        media_type=MediaType.HTML,
        headers={"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer"},
    )


@get("/graphql/explorer/{name:str}", sync_to_thread=False, include_in_schema=False)
def explorer_file(name: FromPath[str]) -> Response[bytes]:
    """One of the files the page names, and no other."""
    if name not in _FILES:
        raise NotFoundException
    folder, media_type = _FILES[name]
    return Response(
        folder.joinpath(name).read_bytes(),
        media_type=f"{media_type}; charset=utf-8",
        headers={"Cache-Control": "max-age=3600", "X-Content-Type-Options": "nosniff"},
    )
