"""The published JSON Schemas of coe.yaml and project.yaml."""

from __future__ import annotations

from typing import Any, Literal

from coe_scaffold.config.project_schema import ProjectFile
from coe_scaffold.config.schema import WorkspaceFile


def json_schema(document: Literal["workspace", "project"]) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of coe.yaml or project.yaml."""
    model = WorkspaceFile if document == "workspace" else ProjectFile
    schema = model.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
