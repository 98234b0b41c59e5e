"""azure-ai-evaluation as the judge. Needs the extra ``judge``; signs in without secrets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from {{ cookiecutter.package_name }}.settings import SettingsError

from .evaluation import Asked

SAFETY = "content_safety"
"""The metric that the safety service of the Foundry project scores: the worst severity, 0 to 7."""
EVALUATORS = {
    "coherence": "CoherenceEvaluator",
    "groundedness": "GroundednessEvaluator",
    "intent_resolution": "IntentResolutionEvaluator",
    "relevance": "RelevanceEvaluator",
    "response_completeness": "ResponseCompletenessEvaluator",
    "retrieval": "RetrievalEvaluator",
    "similarity": "SimilarityEvaluator",
    "task_adherence": "TaskAdherenceEvaluator",
    "tool_call_accuracy": "ToolCallAccuracyEvaluator",
}
"""Metric → the class whose result has the score under the metric's name."""
HARMS = ("violence", "sexual", "self_harm", "hate_unfairness")
_REASONING = re.compile(r"o\d|gpt-(?:[5-9]|\d\d)", re.IGNORECASE)
_API = "2025-04-01-preview"
"""The version of the service that knows reasoning models and all others."""
_VARIABLES = ("AZURE_OPENAI_ENDPOINT", "AZURE_AI_PROJECT_ENDPOINT", "EVALUATION_DEPLOYMENT")


class AzureJudge:
    """Scores with one evaluator for each metric; ``make`` returns the evaluator of a metric."""

    def __init__(self, name: str, make: Callable[[str], Callable[..., Mapping[str, Any]]]) -> None:
        self.name = name
        self._make = make
        self._made: dict[str, Callable[..., Mapping[str, Any]]] = {}

    def score(self, asked: Asked) -> float:
        """Return the score of the metric, or of the worst harm; NaN when the service gave none."""
        if asked.metric not in self._made:
            self._made[asked.metric] = self._make(asked.metric)
        result = self._made[asked.metric](**asked.inputs)
        names = HARMS if asked.metric == SAFETY else (asked.metric,)
        scores = [_number(result.get(_key(name, result))) for name in names]
        return float("nan") if any(score != score for score in scores) else max(scores)


def connect(environ: Mapping[str, str]) -> AzureJudge:
    """Return the judge of the environment; raise SettingsError that names every missing part."""
    missing = [name for name in _VARIABLES if not environ.get(name)]
    if missing:
        raise SettingsError("; ".join(f"{name} is not set" for name in missing))
    try:
        import azure.ai.evaluation  # noqa: F401
    except ImportError as error:
        raise SettingsError("the judge is not installed: make judge, or the extra judge") from error
    return AzureJudge(
        f"azure-ai-evaluation with {environ['EVALUATION_DEPLOYMENT']}",
        lambda metric: evaluator(metric, environ),
    )


def evaluator(metric: str, environ: Mapping[str, str], credential: Any = None) -> Any:
    """Return the package's evaluator of a metric, signed in as the caller."""
    import azure.ai.evaluation as package
    from azure.identity import DefaultAzureCredential

    caller = credential or DefaultAzureCredential()
    if metric == SAFETY:
        return package.ContentSafetyEvaluator(caller, environ["AZURE_AI_PROJECT_ENDPOINT"])
    model = package.AzureOpenAIModelConfiguration(
        azure_endpoint=environ["AZURE_OPENAI_ENDPOINT"],
        azure_deployment=environ["EVALUATION_DEPLOYMENT"],
        api_version=_API,
    )
    kind = getattr(package, EVALUATORS[metric])
    return kind(model, credential=caller, is_reasoning_model=reasons(environ))


def reasons(environ: Mapping[str, str]) -> bool:
    """Return whether the judge is a reasoning model, which takes other parameters: by the name of its deployment.

    EVALUATION_REASONS=true or false says it for a deployment of another name.
    """
    said = environ.get("EVALUATION_REASONS", "").lower()
    return said == "true" if said else bool(_REASONING.match(environ["EVALUATION_DEPLOYMENT"]))


def _key(name: str, result: Mapping[str, Any]) -> str:
    """Return where the score of a harm or metric is: a harm's severity is under ``<harm>_score``."""
    return f"{name}_score" if f"{name}_score" in result else name


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")
