"""Search with Azure AI Search. The access filter travels with the query, so nothing else comes back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..documents import Passage
from ..ports import Retrieval
from ..users import EVERYONE, User

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_FIELDS = ["id", "document", "title", "heading", "text", "groups", "dataVersion"]


def access_filter(user: User) -> str:
    """Return the OData filter for what a user may read; a group id of another shape is left out."""
    groups = sorted(group for group in user.groups if _SAFE.fullmatch(group))
    return f"groups/any(g: search.in(g, '{','.join([EVERYONE, *groups])}', ','))"


class SearchRetriever:
    """Full-text search over the index that ``indexing`` fills."""

    def __init__(self, endpoint: str, index: str, credential: TokenCredential) -> None:
        from azure.search.documents import SearchClient

        self._client: Any = SearchClient(endpoint, index, credential)

    def search(self, user: User, question: str, top: int) -> Retrieval:
        """Return at most ``top`` passages the user may read, best first."""
        rows = list(
            self._client.search(
                search_text=question, filter=access_filter(user), select=_FIELDS, top=top
            )
        )
        passages = tuple(
            Passage(
                row["id"],
                row["document"],
                row["title"],
                row["heading"],
                row["text"],
                frozenset(row["groups"]),
            )
            for row in rows
        )
        return Retrieval(passages, ",".join(sorted({row["dataVersion"] for row in rows})))
