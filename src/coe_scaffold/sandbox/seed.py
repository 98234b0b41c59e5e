"""What a sandbox knows from the start, and where it is reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coe_scaffold.model.estate import OfferedModel


@dataclass(frozen=True)
class Seed:
    """The tenant (a GUID), its subscriptions (GUIDs), management groups (ids), and who is in the directory.

    Every subscription counts as below every management group. ``groups`` are display names of Entra groups
    by object id. The type of ``principals`` is not checked; identities that resources bring along are
    service principals. ``models`` can be deployed in every region.
    """

    tenant: str
    subscriptions: tuple[str, ...]
    management_groups: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict, hash=False)
    models: tuple[OfferedModel, ...] = ()


@dataclass(frozen=True)
class Endpoint:
    """The URL of a running sandbox and the bearer token it asks for.

    ``issuer`` is the file of the certificate to trust when it is served over HTTPS, else empty.
    """

    url: str
    token: str = field(repr=False)
    issuer: str = ""

    def acting_as(self, *principals: str) -> Endpoint:
        """Return the endpoint for a caller that has what is assigned to these object ids, and no more.

        The first is the caller's own; the others are the groups it is in.
        """
        return Endpoint(self.url, f"{self.token}~{','.join(principals)}", self.issuer)
