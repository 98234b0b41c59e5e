"""The model: one scikit-learn pipeline, trained the same way everywhere, kept with what it is made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import joblib
import sklearn
import yaml
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from .table import Row, Schema, targets


class ArtefactError(ValueError):
    """A stored model that must not be used: changed, or made for another schema or library."""


@dataclass(frozen=True)
class Recipe:
    """What training may vary. ``features`` is a choice of the schema's features."""

    features: tuple[str, ...]
    regularisation: float
    iterations: int


@dataclass(frozen=True)
class Model:
    """A trained model; ``facts`` says from which data, recipe and library it came."""

    schema: Schema
    recipe: Recipe
    estimator: Any = field(repr=False)
    facts: dict[str, str] = field(hash=False)

    def scores(self, rows: Sequence[Row]) -> list[float]:
        """Return the probability of being late for each row."""
        if not rows:
            return []
        return [float(pair[1]) for pair in self.estimator.predict_proba(_matrix(rows, self.recipe))]

    def prepared(self, rows: Sequence[Row]) -> Any:
        """Return the rows as the last step sees them: numbers around 0, one column for each text."""
        return self.estimator[:-1].transform(_matrix(rows, self.recipe))


def load_recipe(path: Path) -> Recipe:
    """Read ``config/training.yaml``."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Recipe(
        tuple(document["features"]), float(document["regularisation"]), int(document["iterations"])
    )


def train(rows: Sequence[Row], schema: Schema, recipe: Recipe, data_version: str) -> Model:
    """Return a model of the rows: the same rows and recipe give the same model."""
    known = {column.name: column for column in schema.named("feature")}
    chosen = [known[name] for name in recipe.features]
    numbers = [place for place, column in enumerate(chosen) if column.is_number]
    texts = [
        (place, list(column.values)) for place, column in enumerate(chosen) if not column.is_number
    ]
    estimator = make_pipeline(
        ColumnTransformer(
            [
                ("numbers", StandardScaler(), numbers),
                (
                    "texts",
                    OneHotEncoder(categories=[values for _, values in texts]),
                    [p for p, _ in texts],
                ),
            ]
        ),
        LogisticRegression(C=recipe.regularisation, max_iter=recipe.iterations),
    )
    estimator.fit(_matrix(rows, recipe), targets(rows, schema))
    facts = {
        "data version": data_version,
        "schema version": schema.version,
        "recipe": hashlib.sha256(repr(recipe).encode()).hexdigest()[:8],
        "scikit-learn": sklearn.__version__,
        "rows": str(len(rows)),
    }
    return Model(schema, recipe, estimator, facts)


def save(model: Model, folder: Path) -> None:
    """Write ``model.joblib`` and, with its hash, ``model.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(model, folder / "model.joblib")
    record = {**model.facts, "sha256": _digest(folder / "model.joblib")}
    (folder / "model.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def load(folder: Path, schema: Schema) -> Model:
    """Read a stored model; raise ArtefactError before anything of a changed file is executed."""
    record = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    if record["sha256"] != _digest(folder / "model.joblib"):
        raise ArtefactError(f"{folder}: the model is not the one that was recorded")
    if record["schema version"] != schema.version or record["scikit-learn"] != sklearn.__version__:
        raise ArtefactError(
            f"{folder}: made for another schema or another scikit-learn; train it again"
        )
    model = joblib.load(folder / "model.joblib")
    if not isinstance(model, Model):
        raise ArtefactError(f"{folder}: this is no model of this application")
    return model


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _matrix(rows: Sequence[Row], recipe: Recipe) -> Any:
    import numpy

    return numpy.array([[row[name] for name in recipe.features] for row in rows], dtype=object)
