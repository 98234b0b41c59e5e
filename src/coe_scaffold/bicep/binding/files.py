"""The ``load*`` functions: files read while compiling, and the values they stand for."""

from __future__ import annotations

import base64
import fnmatch
import json
import posixpath
from collections.abc import Callable, Sequence

from coe_scaffold.bicep.binding.config import without_comments
from coe_scaffold.bicep.binding.json_path import select
from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.paths import path_problem
from coe_scaffold.bicep.refusals import Refusal
from coe_scaffold.bicep.syntax import tree

LOADERS = frozenset(
    {"loadTextContent", "loadFileAsBase64", "loadJsonContent", "loadYamlContent", "loadDirectoryFileInfo"}
)
_ENCODINGS = {
    "utf-8": "utf-8-sig",
    "us-ascii": "ascii",
    "iso-8859-1": "latin-1",
    "utf-16": "utf-16",
    "utf-16be": "utf-16-be",
}


Folder = Callable[[str], Sequence[str]]
"""Returns the names of the files directly in a folder by its POSIX path; raises FileNotFoundError."""


class FileLoader:
    """Finds the ``load*`` calls of a file and reads what they name into ``model.files``."""

    def __init__(self, read: Callable[[str], bytes], model: Model, folder: Folder | None = None) -> None:
        self.read = read
        self.folder = folder
        self.model = model
        self.error = model.diagnostics.error

    def run(self) -> None:
        """Read every file that is named by a literal path or by variables with literal values."""
        for node in self.model.nodes:
            if isinstance(node, tree.Call | tree.MethodCall) and node.name in LOADERS and node.args:
                if node in self.model.refs:
                    continue
                self._load(node)

    def _load(self, node: tree.Call | tree.MethodCall) -> None:
        texts = [self._constant(argument) for argument in node.args]
        if texts[0] is None:
            self.error(node.args[0].start, "BCP032", "The value must be a compile-time constant.")
            return
        problem = path_problem(texts[0])
        if problem:
            self.error(node.args[0].start, *problem)
            return
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.model.path), texts[0]))
        if node.name == "loadDirectoryFileInfo":
            self._directory(node, path, texts)
            return
        try:
            content = self.read(path)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            self.error(
                node.args[0].start,
                "BCP091",
                f"An error occurred reading file. Could not find file '{path}'.",
            )
            return
        try:
            self.model.files[node] = self._value(node, content, texts)
        except (ValueError, LookupError) as problem:
            self.error(node.args[0].start, "BCP186", f"Unable to parse literal JSON value. {problem}")

    def _value(self, node: tree.Call | tree.MethodCall, content: bytes, texts: list[str | None]) -> object:
        match node.name:
            case "loadFileAsBase64":
                return base64.b64encode(content).decode("ascii")
            case "loadTextContent":
                return self._text(content, texts[1] if len(texts) > 1 else None)
            case "loadYamlContent":
                from coe_scaffold.bicep.binding.yaml_files import load_yaml

                value = load_yaml(self._text(content, texts[2] if len(texts) > 2 else None))
            case _:
                value = json.loads(
                    without_comments(self._text(content, texts[2] if len(texts) > 2 else None))
                )
        if len(texts) > 1 and texts[1]:
            return select(value, texts[1])
        return value

    def _directory(self, node: tree.Call | tree.MethodCall, path: str, texts: list[str | None]) -> None:
        if self.folder is None:
            self.model.diagnostics.unsupported(node.start, Refusal.DIRECTORY)
            return
        try:
            names = sorted(self.folder(path), key=str.lower)
        except (FileNotFoundError, NotADirectoryError):
            message = (
                f'Directory "{texts[0]}" does not exist or additional permissions are necessary to access it.'
            )
            self.error(node.args[0].start, "BCP428", message)
            return
        pattern = texts[1] if len(texts) > 1 and texts[1] else "*"
        self.model.files[node] = [
            {
                "relativePath": posixpath.normpath(posixpath.join(str(texts[0]), name)),
                "baseName": name,
                "extension": posixpath.splitext(name)[1],
            }
            for name in names
            if fnmatch.fnmatchcase(name, pattern)
        ]

    def _text(self, content: bytes, encoding: str | None) -> str:
        from coe_scaffold.bicep.binding.compilation import decode

        if encoding is None:
            return decode(content)
        return content.decode(_ENCODINGS[encoding.lower()]).removeprefix("\ufeff")

    def _constant(self, node: tree.Node) -> str | None:
        """Return the text of a literal, an interpolation of literals, or a variable with such a value."""
        for _ in range(20):
            if isinstance(node, tree.Paren):
                node = node.inner
            elif isinstance(node, tree.Name):
                symbol = self.model.refs.get(node)
                value = getattr(getattr(symbol, "node", None), "value", None)
                if not isinstance(value, tree.Node):
                    return None
                node = value
            else:
                break
        if not isinstance(node, tree.Str):
            return None
        parts = [node.segments[0]]
        for hole, segment in zip(node.holes, node.segments[1:], strict=True):
            text = self._constant(hole)
            if text is None:
                return None
            parts += [text, segment]
        return "".join(parts)
