"""One small line drawing for each category, on a grid of 16."""

from __future__ import annotations

from collections.abc import Mapping

from coe_scaffold.report.architecture.drawing import Category

ICONS: Mapping[Category, str] = {
    Category.NETWORK: "M6.5 1.5h3v3h-3zM1.5 11h3v3h-3zM11.5 11h3v3h-3zM8 4.5v3.3M3 11V7.8h10V11",
    Category.AI: "M8 1.5l1.7 4.8 4.8 1.7-4.8 1.7L8 14.5 6.3 9.7 1.5 8l4.8-1.7z",
    Category.DATA: "M3 4c0-1.3 2.2-2.3 5-2.3s5 1 5 2.3-2.2 2.3-5 2.3S3 5.3 3 4v8c0 1.3 2.2 2.3 5 2.3"
    "s5-1 5-2.3V4M3 8c0 1.3 2.2 2.3 5 2.3s5-1 5-2.3",
    Category.COMPUTE: "M8 1.5l5.6 3.2v6.6L8 14.5l-5.6-3.2V4.7zM2.4 4.7L8 8l5.6-3.3M8 8v6.5",
    Category.SECURITY: "M8 1.5l5.5 2v4.3c0 3.3-2.3 5.5-5.5 6.7-3.2-1.2-5.5-3.4-5.5-6.7V3.5z"
    "M5.6 8l1.7 1.7 3.2-3.4",
    Category.MONITORING: "M1.5 8.5h3l2-5 3 9.5 2-4.5h3",
    Category.IDENTITY: "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14.5c.5-3 2.7-4.5 5.5-4.5s5 1.5 5.5 4.5",
    Category.GOVERNANCE: "M3 2.5h10v12H3zM6 1.5h4v2H6zM5.5 8.5l1.7 1.7 3.3-3.4",
    Category.OTHER: "M2.5 2.5h11v11h-11z",
}
