"""Parameter files whose values an earlier run worked out, and that can have no others now.

Values that came from the environment, and values that may be secret, are not kept.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from coe_scaffold.local.kept import Kept, MadeValues
from coe_scaffold.local.seen import Read, Seen, digest, joined, relative
from coe_scaffold.model.json import JsonObject

Declaring = Callable[[str], dict[str, Any]]
"""Returns the template at a POSIX path; raises CompileError."""

Values = tuple[str, JsonObject, bool]
"""The POSIX path of the template (empty: none), the ARM values ``{"name": {"value": ...}}``, and whether
these, and what is made of them, may be kept."""


class ParameterFiles:
    """Compiles parameter files; ``kept`` gives what earlier runs made of them."""

    def __init__(self, read: Read, kept: Kept | None) -> None:
        self._read = read
        self._kept = kept

    def compile(
        self, path: str, cache: str, environment: Mapping[str, str], template: Declaring | None
    ) -> Values:
        """Return the values of a ``.bicepparam`` file, checked against the template it names.

        ``cache`` is the folder of the local module cache, ``environment`` what ``readEnvironmentVariable()``
        sees. Raises CompileError with every problem.
        """
        home = posixpath.dirname(path)
        key = (posixpath.abspath(path), cache)
        if self._kept and template:
            for made in self._kept.find(MadeValues, *key):
                named = joined(home, made.template)
                if made.unchanged(self._read, home) and digest(_declared(template(named))) == made.declared:
                    return named, made.parameters, True
        from coe_scaffold.bicep import compile_parameters

        seen, asked = Seen(self._read), _Asked(environment)
        compiled = compile_parameters(path, seen.read, asked, cache=cache, template=template)
        public = False
        if self._kept and template and compiled.template_path and not asked.any:
            declared = _declared(template(compiled.template_path))
            public = b'"secure' not in declared
            if public:
                named = relative(home, compiled.template_path)
                values = dict(compiled.parameters)
                self._kept.keep(MadeValues(home, seen.digests(home), named, digest(declared), values), *key)
        return compiled.template_path, compiled.parameters, public


class _Asked(Mapping[str, str]):
    """An environment that notes whether anything was asked of it."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self.any = False

    def __getitem__(self, name: str) -> str:
        self.any = True
        return self._variables[name]

    def __iter__(self) -> Iterator[str]:
        self.any = True
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)


def _declared(template: JsonObject) -> bytes:
    """Return what a template says of its parameters, in lower case: ARM's type names are in any."""
    told = {name: template.get(name) for name in ("parameters", "definitions", "languageVersion")}
    return json.dumps(told, sort_keys=True).lower().encode()
