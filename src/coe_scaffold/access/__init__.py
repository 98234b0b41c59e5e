"""Access: from the function table to assignments, effective permissions and separation of duties. Pure."""

from coe_scaffold.access.desired import DesiredAccess, Holding, desired, holdings
from coe_scaffold.access.effective import Grant, Placement, RoleLookup, grants, role_lookup
from coe_scaffold.access.targets import Place, places, sample_places

__all__ = [
    "DesiredAccess",
    "Grant",
    "Holding",
    "Place",
    "Placement",
    "RoleLookup",
    "desired",
    "grants",
    "holdings",
    "places",
    "role_lookup",
    "sample_places",
]
