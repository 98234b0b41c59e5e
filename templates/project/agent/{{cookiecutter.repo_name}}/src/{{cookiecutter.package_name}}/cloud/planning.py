"""Planning with an agent of Azure AI Foundry. The service proposes calls; it never executes one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..ports import Call, Final, Step
from ..prompts import Prompt
from ..tools import Argument, Tool

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential


class FoundryPlanner:
    """One version of a prompt agent for each system prompt and tool manifest, asked step by step."""

    def __init__(
        self,
        endpoint: str,
        agent: str,
        deployment: str,
        credential: TokenCredential,
        prompt: Prompt,
    ) -> None:
        from azure.ai.projects import AIProjectClient

        self.name = deployment
        self._agent = agent
        self._prompt = prompt
        self._project: Any = AIProjectClient(endpoint=endpoint, credential=credential)
        self._client: Any = self._project.get_openai_client(timeout=60)
        self._version = ""

    def next(self, task: str, steps: Sequence[Step], tools: Sequence[Tool]) -> Call | Final:
        """Return the call the agent asks for, or its text."""
        version = self._version or self._create(tools)
        reference = {"name": self._agent, "version": version, "type": "agent_reference"}
        answer = self._client.responses.create(
            input=conversation(task, steps), extra_body={"agent": reference}, store=False
        )
        return proposal(answer)

    def _create(self, tools: Sequence[Tool]) -> str:
        from azure.ai.projects.models import FunctionTool, PromptAgentDefinition

        definition = PromptAgentDefinition(
            model=self.name,
            instructions=self._prompt.text,
            tools=[
                FunctionTool(
                    name=tool.name,
                    description=tool.purpose,
                    parameters=parameters(tool),
                    strict=False,
                )
                for tool in tools
            ],
        )
        created = self._project.agents.create_version(agent_name=self._agent, definition=definition)
        self._version = str(created.version)
        return self._version


def parameters(tool: Tool) -> dict[str, Any]:
    """Return the JSON Schema of a tool's arguments: what the model is told, not what is trusted."""
    return {
        "type": "object",
        "properties": {argument.name: _schema(argument) for argument in tool.arguments},
        "required": [argument.name for argument in tool.arguments],
        "additionalProperties": False,
    }


def conversation(task: str, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Return the task and every step as the service's items; results travel as JSON data."""
    items: list[dict[str, Any]] = [{"role": "user", "content": task}]
    for number, step in enumerate(steps):
        arguments = json.dumps(dict(step.call.arguments))
        identifier = f"call_{number}"
        output = json.dumps({"outcome": step.outcome, "data": step.result}, ensure_ascii=False)
        items += [
            {
                "type": "function_call",
                "call_id": identifier,
                "name": step.call.tool,
                "arguments": arguments,
            },
            {"type": "function_call_output", "call_id": identifier, "output": output},
        ]
    return items


def proposal(answer: Any) -> Call | Final:
    """Return the first call of an answer; arguments that are no JSON object become none, and are refused."""
    for item in answer.output:
        if item.type == "function_call":
            try:
                arguments = json.loads(item.arguments)
            except json.JSONDecodeError:
                arguments = {}
            return Call(item.name, arguments if isinstance(arguments, dict) else {})
    return Final(answer.output_text or "I have no answer.")


def _schema(argument: Argument) -> dict[str, Any]:
    if argument.minimum is not None:
        return {"type": "number", "minimum": argument.minimum, "maximum": argument.maximum}
    schema: dict[str, Any] = {"type": "string"}
    if argument.values:
        schema["enum"] = list(argument.values)
    return schema
