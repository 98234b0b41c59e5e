"""What every page of the web application has: headers, the page itself, and who is asking."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

from .settings import Settings
from .users import NotSignedInError, User, demo_user, demo_users, signed_in_user

STATIC = Path(__file__).parent / "static"
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def site(settings: Settings, **facts: Any) -> FastAPI:
    """Return an application with the page, its health, and what the page must know as ``facts``."""
    app = FastAPI(title=settings.text("title"), docs_url=None, redoc_url=None, openapi_url=None)

    @app.middleware("http")
    async def with_headers(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await call_next(request)
        response.headers.update(HEADERS)
        return response

    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    names = list(_local_users(settings))

    @app.get("/")
    def page() -> FileResponse:
        return FileResponse(STATIC / "index.html")

    @app.get("/healthz")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/api/info")
    def info() -> dict[str, Any]:
        shown = {key: settings.text(key) for key in ("title", "disclosure", "contact")}
        return {**shown, "demoUsers": names, **facts}

    who = current_user(settings)

    @app.get("/api/user")
    def user(user: Annotated[User, Depends(who)]) -> dict[str, Any]:
        return {"groups": sorted(user.groups)}

    return app


def current_user(settings: Settings) -> Callable[[Request], User]:
    """Return the dependency that says who asks, or answers 401: demo users locally, sign-in on Azure."""
    users = _local_users(settings)

    def who(request: Request) -> User:
        try:
            if settings.provider == "local":
                return demo_user(request.headers, users)
            return signed_in_user(request.headers)
        except NotSignedInError as error:
            raise HTTPException(401, str(error)) from error

    return who


def _local_users(settings: Settings) -> dict[str, User]:
    if settings.provider != "local":
        return {}
    return demo_users(settings.home / "config" / "users.local.yaml")
