"""Architecture diagrams: what an environment's templates make, as one small model and two renderings of it.

``draw`` turns resources into a :class:`Drawing`; ``mermaid`` and ``svg`` show it. Nothing here reads or
writes a file, and the same drawing gives the same text.
"""

from coe_scaffold.report.architecture.draw import draw
from coe_scaffold.report.architecture.drawing import Drawing
from coe_scaffold.report.architecture.figure import Figure, drawing, figure, markdown
from coe_scaffold.report.architecture.mermaid import mermaid
from coe_scaffold.report.architecture.style import style
from coe_scaffold.report.architecture.svg import svg

__all__ = ["Drawing", "Figure", "draw", "drawing", "figure", "markdown", "mermaid", "style", "svg"]
