"""What is valid Bicep but refused here; docs/reference/bicep.md has the same list."""

from __future__ import annotations

from enum import StrEnum

CODE = "COE-BICEP"
"""The code of every such error."""


class Refusal(StrEnum):
    """A construct the embedded compiler names and refuses; ``{}`` stands for the name in the file."""

    EXTENSION = "An extension"
    TEST = "A test"
    TARGET_SCOPE = 'The target scope "{}"'
    RESOURCE_TYPED = 'A parameter or output of type "resource"'
    DERIVED_TYPE = "The resource-derived type {}<>"
    DECORATOR = 'The decorator "{}"'
    EXPERIMENTAL = 'The experimental feature "{}"'
    EXTERNAL_INPUT = "The function externalInput"
    PARAMETER_FUNCTION = 'The function "{}" in a parameter file'
    DIRECTORY = "loadDirectoryFileInfo without a way to list folders"
    PARAMETER_NAME = "An interpolated name in module parameters"
    MISPLACED = "A {} at this location"
    NESTING = "Nesting of more than {} levels"
    RECURSION = "Nesting, or a chain of operators, as deep as in this file"

    def message(self, name: object = "") -> str:
        """Return the error message about a construct of a file."""
        return f"{self.value.format(name)} is not supported by the embedded compiler."
