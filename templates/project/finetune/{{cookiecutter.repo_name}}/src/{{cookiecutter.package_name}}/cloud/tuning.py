"""Tuning jobs of Azure OpenAI. A job makes a model; deploying it is a step of the pipeline, after the gate."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..ports import ChatModel, Tuning, TuningError
from ..prompts import Prompt
from .models import client

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

_WAIT, _LONGEST = 30.0, 6 * 3600.0
_LOOK, _READ = 5.0, 1200.0
"""Seconds between two looks at a file that the service still reads, and how long it may take."""
_REFUSED = 400


class DeployedModel:
    """A chat deployment asked under the system prompt."""

    def __init__(self, client: Any, deployment: str, prompt: Prompt) -> None:
        self.name = deployment
        self._client = client
        self._prompt = prompt

    def answer(self, question: str) -> str:
        """Return the model's text; empty when its content filter stopped it."""
        from openai import BadRequestError

        messages = [
            {"role": "system", "content": self._prompt.text},
            {"role": "user", "content": question},
        ]
        try:
            completion = self._client.chat.completions.create(model=self.name, messages=messages)
        except BadRequestError as error:
            if error.code == "content_filter":
                return ""
            raise
        return completion.choices[0].message.content or ""


class OpenAiTuner:
    """Uploads files, runs a supervised job, and speaks to the deployment that serves its model."""

    def __init__(
        self,
        settings: Mapping[str, str],
        credential: TokenCredential,
        prompt: Prompt,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._prompt = prompt
        self._sleep = sleep
        self._client: Any = client(settings["AZURE_OPENAI_ENDPOINT"], credential)

    def base(self) -> ChatModel:
        """Return the deployment of the base model."""
        return DeployedModel(
            self._client, self._settings["AZURE_OPENAI_BASE_DEPLOYMENT"], self._prompt
        )

    def tune(self, tuning: Tuning) -> ChatModel:
        """Return the deployment of the tuned model: that of an earlier job when one is named."""
        deployment = os.environ.get("AZURE_OPENAI_TUNED_DEPLOYMENT", "")
        if not deployment:
            model = run(self._client, tuning, sleep=self._sleep)
            raise TuningError(f"{model} is ready: deploy it and set AZURE_OPENAI_TUNED_DEPLOYMENT")
        return DeployedModel(self._client, deployment, self._prompt)


def run(client: Any, tuning: Tuning, *, sleep: Callable[[float], None]) -> str:
    """Run a job to its end and return its model; raise TuningError when it fails or takes too long."""
    files = {}
    for name, content in (("train", tuning.train), ("validation", tuning.validation)):
        file = (f"{name}.jsonl", io.BytesIO(content.encode("utf-8")))
        files[name] = _read(client, client.files.create(file=file, purpose="fine-tune"), sleep)
    job = _start(client, tuning, files)
    waited = 0.0
    while job.status not in ("succeeded", "failed", "cancelled"):
        if waited >= _LONGEST:
            client.fine_tuning.jobs.cancel(job.id)
            raise TuningError(f"job {job.id} took more than six hours and was cancelled")
        sleep(_WAIT)
        waited += _WAIT
        job = client.fine_tuning.jobs.retrieve(job.id)
    if job.status != "succeeded":
        raise TuningError(f"job {job.id} {job.status}: {getattr(job.error, 'message', '')}")
    return str(job.fine_tuned_model)


def _start(client: Any, tuning: Tuning, files: Mapping[str, str]) -> Any:
    """Return a new job; raise TuningError when the service refuses it, as it does for most models."""
    try:
        return client.fine_tuning.jobs.create(
            model=tuning.base,
            training_file=files["train"],
            validation_file=files["validation"],
            suffix=tuning.suffix,
            seed=int(tuning.parameters["seed"]),
            method={
                "type": "supervised",
                "supervised": {
                    "hyperparameters": {
                        "n_epochs": int(tuning.parameters["epochs"]),
                        "learning_rate_multiplier": tuning.parameters["learningRateMultiplier"],
                        "batch_size": int(tuning.parameters["batchSize"]),
                    }
                },
            },
        )
    except Exception as error:
        if getattr(error, "status_code", None) != _REFUSED:
            raise
        raise TuningError(
            f"the service refuses the job: {error}. If it does not tune {tuning.base} in this region, set "
            "base in config/tuning.yaml to a model that it does, with its version"
        ) from error


def _read(client: Any, file: Any, sleep: Callable[[float], None]) -> str:
    """Return the id of a file once the service has read it: a job before that is refused."""
    waited = 0.0
    while file.status not in ("processed", "error", "deleted"):
        if waited >= _READ:
            raise TuningError(f"file {file.id} is not read after twenty minutes")
        sleep(_LOOK)
        waited += _LOOK
        file = client.files.retrieve(file.id)
    if file.status != "processed":
        raise TuningError(f"the service cannot read file {file.id}: {file.status_details}")
    return str(file.id)
