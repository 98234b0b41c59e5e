"""The web application: hand in a document, look at the queue, decide."""

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from .pipeline import Pipeline, Result
from .ports import UnreadableError
from .readiness import add_readiness
from .records import records
from .reviews import ReviewQueue, UnknownReviewError
from .settings import Settings, load
from .site import current_user, site
from .trial import trials
from .users import User, log_key, pseudonym
from .values import normalise
from .wiring import pipeline as wire

REVIEWERS = "document-reviewers"
"""The group that sees and decides reviews; ``config/app.yaml`` maps it to an object id on Azure."""


class Decision(BaseModel):
    """What a reviewer decides: the fields as they should be, or that the document is no use."""

    model_config = ConfigDict(extra="forbid")
    accept: bool
    fields: Annotated[dict[str, Annotated[str, Field(max_length=500)]], Field(max_length=50)] = {}


def create_app(
    settings: Settings | None = None,
    pipeline: Pipeline | None = None,
    queue: ReviewQueue | None = None,
) -> FastAPI:
    """Return the application; without settings they come from the environment."""
    chosen = settings or load()
    parts = pipeline or wire(chosen)
    reviews = queue or ReviewQueue(records(chosen, chosen.text("reviewDatabase")))
    reviews.purge(int(chosen.number("retentionDays")))
    app = site(chosen, fields=[field.name for field in parts.schema.fields])
    who = current_user(chosen)
    _add_documents(app, parts, reviews, int(chosen.number("largestDocument")), who)
    _add_reviews(app, parts, reviews, chosen, who)
    add_readiness(app, chosen.provider, trials(chosen, parts, reviews))
    return app


def _add_documents(
    app: FastAPI,
    pipeline: Pipeline,
    queue: ReviewQueue,
    largest: int,
    who: Callable[[Request], User],
) -> None:
    @app.post("/api/documents")
    async def hand_in(request: Request, user: Annotated[User, Depends(who)]) -> dict[str, Any]:
        content = b""
        async for part in request.stream():
            content += part
            if len(content) > largest:
                raise HTTPException(413, f"a document may have {largest} bytes")
        try:
            result = await run_in_threadpool(pipeline.process, content)
        except UnreadableError as error:
            raise HTTPException(422, str(error)) from error
        if not result.straight:
            await run_in_threadpool(queue.add, result)
        decided = None if result.straight else await run_in_threadpool(queue.decision, result.id)
        return answered(result, decided)


def answered(result: Result, decided: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what whoever hands in a document learns: its fields, once the pipeline or a person is sure."""
    fields = [vars(item) for item in result.fields] if result.straight else []
    if decided and decided["state"] == "accepted":
        fields = [{"name": name, "value": value} for name, value in decided["fields"].items()]
    return {
        "id": result.id,
        "state": "straight" if result.straight else decided["state"] if decided else "waiting",
        "straight": result.straight,
        "reasons": result.reasons,
        "fields": fields,
        "schemaVersion": result.schema_version,
    }


def _add_reviews(
    app: FastAPI,
    pipeline: Pipeline,
    queue: ReviewQueue,
    settings: Settings,
    who: Callable[[Request], User],
) -> None:
    group = REVIEWERS if settings.provider == "local" else settings.text("reviewerGroup")
    kinds = {field.name: field.kind for field in pipeline.schema.fields}
    key = log_key(settings)

    def reviewer(user: Annotated[User, Depends(who)]) -> User:
        if group not in user.groups:
            raise HTTPException(403, "only reviewers may see the queue")
        return user

    @app.get("/api/reviews")
    def reviews(user: Annotated[User, Depends(reviewer)]) -> list[dict[str, Any]]:
        return [vars(item) for item in queue.open()]

    @app.post("/api/reviews/{identifier}")
    def decide(
        identifier: str, body: Decision, user: Annotated[User, Depends(reviewer)]
    ) -> dict[str, int]:
        wrong = [
            n
            for n, v in body.fields.items()
            if n not in kinds or (v and not normalise(kinds[n], v))
        ]
        if wrong:
            raise HTTPException(422, f"not a value of its field: {', '.join(sorted(wrong))}")
        fields = {name: normalise(kinds[name], value) for name, value in body.fields.items()}
        person = pseudonym(key, user)
        try:
            corrected = queue.decide(identifier, person, fields, accept=body.accept)
        except UnknownReviewError as error:
            raise HTTPException(404, "no open review has this id") from error
        entry = {"event": "review", "id": identifier, "by": person, "accepted": body.accept}
        pipeline.write(json.dumps({**entry, "corrected": corrected}))
        return {"corrected": corrected}
