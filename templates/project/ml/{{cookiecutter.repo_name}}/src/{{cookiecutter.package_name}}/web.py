"""The online endpoint as a local server: the same requests and answers as on Azure."""

import json
from typing import Any

from fastapi import FastAPI, HTTPException, Request

from .scoring import RequestError, Scorer
from .serving import scorer as wire
from .settings import load

LARGEST = 1_048_576


def create_app(scorer: Scorer | None = None) -> FastAPI:
    """Return the application; without a scorer it comes from the environment."""
    using = scorer or wire(load())
    app = FastAPI(title="scoring", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/score")
    async def score(request: Request) -> dict[str, Any]:
        content = b""
        async for part in request.stream():
            content += part
            if len(content) > LARGEST:
                raise HTTPException(413, f"a request may have {LARGEST} bytes")
        try:
            return using.answer(json.loads(content))
        except RequestError as error:
            raise HTTPException(422, str(error)) from error
        except ValueError as error:
            raise HTTPException(400, "the body is no JSON") from error

    return app
