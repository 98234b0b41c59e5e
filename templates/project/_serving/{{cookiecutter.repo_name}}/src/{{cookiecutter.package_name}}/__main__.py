"""Start the web server: ``python -m`` this package."""

from __future__ import annotations

import os

import uvicorn

from .web import create_app


def main() -> None:
    """Serve on HOST and PORT (default 127.0.0.1:8000)."""
    host = os.environ.get("HOST", "127.0.0.1")
    uvicorn.run(create_app(), host=host, port=int(os.environ.get("PORT", "8000")))


if __name__ == "__main__":
    main()
