"""What a subscription holds besides resources and assignments: locks, deleted things, providers, quotas."""

from __future__ import annotations

from dataclasses import dataclass, field

from coe_scaffold.model.json import JsonObject
from coe_scaffold.model.scope import Scope


@dataclass(frozen=True, order=True)
class Lock:
    """A management lock. ``level`` is ``CanNotDelete`` or ``ReadOnly``."""

    id: Scope
    level: str
    notes: str = ""

    @property
    def home(self) -> Scope:
        """What it locks, with everything below."""
        return Scope(self.id.path.rpartition("/providers/")[0] or "/")


@dataclass(frozen=True, order=True)
class SoftDeleted:
    """A deleted resource that still holds its name.

    ``id`` is that of the deleted thing, ``was`` the id it had; ``until`` is an ISO 8601 time or empty;
    ``protected`` means that it cannot be purged before then.
    """

    id: Scope
    was: Scope
    location: str = ""
    until: str = ""
    protected: bool = False


@dataclass(frozen=True)
class Recovery:
    """What recovers a deleted resource: a PUT of ``body``, in a resource group that is made when it is gone.

    ``group`` holds the ``location`` and ``tags`` of the group.
    """

    deleted: SoftDeleted
    api_version: str
    body: JsonObject = field(hash=False)
    group: JsonObject = field(hash=False)


@dataclass(frozen=True)
class NameState:
    """Whether a globally unique name is free; ``reason`` is the provider's own text when it is not."""

    free: bool
    reason: str = ""


@dataclass(frozen=True)
class SubscriptionState:
    """A subscription as the caller sees it. ``state`` is ARM's, such as ``Enabled`` or ``Disabled``."""

    id: str
    name: str
    tenant: str
    state: str


@dataclass(frozen=True, order=True)
class Quota:
    """Model capacity in a region: a limit of ``name`` and how much of it is used, in Azure's own unit."""

    name: str
    used: float
    limit: float


@dataclass(frozen=True, order=True)
class OfferedModel:
    """A model version that a region offers for a deployment type (``sku``).

    ``usage`` is the name of the quota that it counts against, empty when the API does not say.
    """

    format: str
    name: str
    version: str
    sku: str
    usage: str = ""


def soft_deleted_to_json(deleted: SoftDeleted) -> dict[str, object]:
    """Return a soft-deleted resource as JSON: what a step about it carries in ``before``."""
    return {
        "id": deleted.id.path,
        "was": deleted.was.path,
        "location": deleted.location,
        "until": deleted.until,
        "protected": deleted.protected,
    }


def soft_deleted_from_json(data: JsonObject) -> SoftDeleted:
    """Return what :func:`soft_deleted_to_json` wrote; raise KeyError for anything else."""
    return SoftDeleted(
        Scope(data["id"]), Scope(data["was"]), data["location"], data["until"], data["protected"]
    )


def recovery_to_json(recovery: Recovery) -> dict[str, object]:
    """Return a recovery as JSON: what a step that recovers carries in ``after``."""
    return {
        "deleted": soft_deleted_to_json(recovery.deleted),
        "apiVersion": recovery.api_version,
        "body": dict(recovery.body),
        "group": dict(recovery.group),
    }


def recovery_from_json(data: JsonObject) -> Recovery:
    """Return what :func:`recovery_to_json` wrote; raise KeyError or TypeError for anything else."""
    deleted = soft_deleted_from_json(data["deleted"])
    return Recovery(deleted, data["apiVersion"], dict(data["body"]), dict(data["group"]))
