"""The web application: one page, one JSON endpoint to ask, one for feedback."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, ConfigDict, Field

from .assistant import Assistant
from .settings import Settings, load
from .users import NotSignedInError, User, demo_user, demo_users, signed_in_user
from .wiring import assistant as wire

STATIC = Path(__file__).parent / "static"
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Question(BaseModel):
    """What the page sends."""

    model_config = ConfigDict(extra="forbid")
    question: Annotated[str, Field(min_length=1, max_length=10_000)]


class Feedback(BaseModel):
    """What a person thinks of an answer."""

    model_config = ConfigDict(extra="forbid")
    answer: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    helpful: bool
    comment: Annotated[str, Field(max_length=2000)] = ""


def create_app(settings: Settings | None = None, assistant: Assistant | None = None) -> FastAPI:
    """Return the application; without settings they come from the environment."""
    chosen = settings or load()
    helper = assistant or wire(chosen)
    app = FastAPI(title=chosen.title, docs_url=None, redoc_url=None, openapi_url=None)
    _add_headers(app)
    _add_page(app, chosen)
    _add_chat(app, chosen, helper)
    return app


def _add_headers(app: FastAPI) -> None:
    @app.middleware("http")
    async def with_headers(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await call_next(request)
        response.headers.update(HEADERS)
        return response


def _add_page(app: FastAPI, settings: Settings) -> None:
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    users = _local_users(settings)

    @app.get("/")
    def page() -> FileResponse:
        return FileResponse(STATIC / "index.html")

    @app.get("/healthz")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/api/info")
    def info() -> dict[str, Any]:
        return {
            "title": settings.title,
            "disclosure": settings.disclosure,
            "contact": settings.contact,
            "maximumQuestionLength": settings.max_question,
            "demoUsers": list(users),
        }


def _add_chat(app: FastAPI, settings: Settings, assistant: Assistant) -> None:
    users = _local_users(settings)

    def current_user(request: Request) -> User:
        try:
            if settings.provider == "local":
                return demo_user(request.headers, users)
            return signed_in_user(request.headers)
        except NotSignedInError as error:
            raise HTTPException(401, str(error)) from error

    @app.post("/api/chat")
    def chat(body: Question, user: Annotated[User, Depends(current_user)]) -> dict[str, Any]:
        if len(body.question) > settings.max_question:
            raise HTTPException(422, f"a question may have {settings.max_question} characters")
        answer = assistant.ask(user, body.question.strip())
        return {
            "id": answer.id,
            "text": answer.text,
            "refused": answer.refused,
            "citations": [vars(citation) for citation in answer.citations],
            "dataVersion": answer.data_version,
        }

    @app.post("/api/feedback", status_code=204)
    def feedback(body: Feedback, user: Annotated[User, Depends(current_user)]) -> None:
        assistant.log.feedback(user, body.answer, helpful=body.helpful, comment=body.comment)


def _local_users(settings: Settings) -> dict[str, User]:
    if settings.provider != "local":
        return {}
    return demo_users(settings.home / "config" / "users.local.yaml")
