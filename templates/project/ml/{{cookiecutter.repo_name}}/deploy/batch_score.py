"""Entry point of the batch deployment: Azure Machine Learning looks for ``init`` and ``run`` in this file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HOME = Path(__file__).parents[1]
os.environ.setdefault("APP_HOME", str(HOME))
sys.path.insert(0, str(HOME / "src"))

from {{ cookiecutter.package_name }}.endpoint import init  # noqa: E402
from {{ cookiecutter.package_name }}.endpoint import run_batch as run  # noqa: E402

__all__ = ["init", "run"]
