"""Bicep to ARM JSON, pure: text in, template out, through syntax, binding and emit.

Files are read through a function the caller gives, by POSIX path; nothing else of the machine is touched.
"""

from coe_scaffold.bicep.compile import Compiled, compile_bicep, lint_bicep
from coe_scaffold.bicep.parameters.file import CompiledParameterFile, compile_parameters

__all__ = ["Compiled", "CompiledParameterFile", "compile_bicep", "compile_parameters", "lint_bicep"]
