"""coe-scaffold: the tool an AI Center of Excellence on Azure works with.

The Python API is :mod:`coe_scaffold.operations`; the command line is :mod:`coe_scaffold.cli`.
"""

__version__ = "0.1.0"
