"""The regions of public Azure, as recorded answers of the service tell them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from coe_scaffold.model.json import Json

_TEST = ("euap", "stage", "stg")
"""How the names of regions end that only some subscriptions see."""


@cache
def regions() -> Mapping[str, Json]:
    """Return the physical regions by name: names, geography, place, paired regions, number of zones."""
    found: Mapping[str, Json] = json.loads((Path(__file__).parent / "regions.json").read_text("utf-8"))
    return found


def usable(location: str) -> bool:
    """Return whether something can be placed in a location, named either way; test regions count."""
    name = location.lower().replace(" ", "")
    return name in regions() or name.endswith(_TEST)


def shown(subscription: str, name: str, region: Mapping[str, Json], *, recent: bool) -> Json:
    """Return a region as the list of a subscription's locations shows it.

    ``recent`` is for api-versions of 2022-12-01 and later, which tell geography, type and zones.
    """
    home = f"/subscriptions/{subscription}/locations"
    metadata: dict[str, Json] = {"regionType": "Physical", "regionCategory": region["regionCategory"]}
    if recent:
        metadata["geography"] = region["geography"]
    for key in ("geographyGroup", "longitude", "latitude", "physicalLocation"):
        metadata[key] = region[key]
    metadata["pairedRegion"] = [{"name": other, "id": f"{home}/{other}"} for other in region["paired"]]
    body: dict[str, Json] = {"id": f"{home}/{name}", "name": name}
    if recent:
        body["type"] = "Region"
    body |= {
        "displayName": region["displayName"],
        "regionalDisplayName": region["regionalDisplayName"],
        "metadata": metadata,
    }
    if recent and region["zones"]:
        numbers = range(1, region["zones"] + 1)
        body["availabilityZoneMappings"] = [
            {"logicalZone": str(number), "physicalZone": f"{name}-az{number}"} for number in numbers
        ]
    return body
