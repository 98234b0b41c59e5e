"""The shop as two files: orders change in memory only, and only through the tools."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..ports import ToolError
from ..tools import Tool


class FileShop:
    """Implements every tool of the manifest; ``changes`` lists what was written, for tests."""

    def __init__(self, folder: Path) -> None:
        self._orders: dict[str, dict[str, Any]] = json.loads(
            (folder / "orders.json").read_text("utf-8")
        )
        self._policies: dict[str, str] = json.loads((folder / "policies.json").read_text("utf-8"))
        self.changes: list[tuple[str, dict[str, Any]]] = []

    def call(self, tool: Tool, arguments: Mapping[str, Any]) -> str:
        """Do what the tool says; raise ToolError when the order does not allow it."""
        actions = {
            "find_order": self._find,
            "list_orders": self._list,
            "find_policy": lambda given: self._policies[given["topic"]],
            "create_ticket": self._ticket,
            "refund_order": self._refund,
            "change_address": self._address,
        }
        result: str = actions[tool.name](arguments)
        return result

    def _changed(self, tool: str, arguments: Mapping[str, Any]) -> None:
        """Record what was written, whatever the manifest says that the tool does."""
        self.changes.append((tool, dict(arguments)))

    def _order(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        order = self._orders.get(arguments["order"])
        if order is None:
            raise ToolError(f"there is no order {arguments['order']}")
        return order

    def _find(self, arguments: Mapping[str, Any]) -> str:
        order = self._order(arguments)
        note = f" Note: {order['note']}" if order.get("note") else ""
        return f"Order {arguments['order']} of {order['item']} is {order['state']}, total {order['total']:.2f} EUR.{note}"

    def _list(self, arguments: Mapping[str, Any]) -> str:
        rows = [
            f"{number} ({row['state']})"
            for number, row in self._orders.items()
            if row["customer"] == arguments["customer"]
        ]
        return (
            f"Orders of {arguments['customer']}: {', '.join(rows)}."
            if rows
            else "There are no orders."
        )

    def _ticket(self, arguments: Mapping[str, Any]) -> str:
        self._order(arguments)
        self._changed("create_ticket", arguments)
        return f"A ticket for order {arguments['order']} is open."

    def _refund(self, arguments: Mapping[str, Any]) -> str:
        order = self._order(arguments)
        if arguments["amount"] > order["total"] - order.get("refunded", 0):
            raise ToolError("the refund is higher than what was paid")
        order["refunded"] = order.get("refunded", 0) + arguments["amount"]
        self._changed("refund_order", arguments)
        return f"{arguments['amount']:.2f} EUR go back for order {arguments['order']}."

    def _address(self, arguments: Mapping[str, Any]) -> str:
        order = self._order(arguments)
        if order["state"] != "open":
            raise ToolError(f"the order is {order['state']}: its address cannot change")
        order["address"] = arguments["address"]
        self._changed("change_address", arguments)
        return f"Order {arguments['order']} goes to the new address."
