"""The web application: one page, one JSON endpoint to ask, one for feedback."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from .assistant import Assistant
from .readiness import add_readiness
from .settings import Settings, load
from .site import current_user, site
from .trial import trials
from .users import User
from .wiring import assistant as wire


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
    longest = int(chosen.number("maximumQuestionLength"))
    app = site(chosen, maximumQuestionLength=longest)
    _add_chat(app, helper, longest, current_user(chosen))
    add_readiness(app, chosen.provider, trials(chosen, helper))
    return app


def _add_chat(
    app: FastAPI, assistant: Assistant, longest: int, who: Callable[[Request], User]
) -> None:
    @app.post("/api/chat")
    def chat(body: Question, user: Annotated[User, Depends(who)]) -> dict[str, Any]:
        if len(body.question) > longest:
            raise HTTPException(422, f"a question may have {longest} characters")
        answer = assistant.ask(user, body.question.strip())
        return {
            "id": answer.id,
            "text": answer.text,
            "refused": answer.refused,
            "citations": [vars(citation) for citation in answer.citations],
            "dataVersion": answer.data_version,
        }

    @app.post("/api/feedback", status_code=204)
    def feedback(body: Feedback, user: Annotated[User, Depends(who)]) -> None:
        assistant.log.feedback(user, body.answer, helpful=body.helpful, comment=body.comment)
