"""The line of a value inside the resource that is declared on a line."""

from __future__ import annotations

import pytest

from coe_scaffold.bicep.property_lines import property_lines

TEXT = """param rules array
var more = { z: 1 }

@description('One of two.')
resource account 'A/a@2024-01-01' = if (true) {
  name: 'a'
  properties: {
    Open: true
    acls: {
      rules: [
        { from: '*' }
        { from: 'x' }
      ]
      given: rules
      looped: [
        for rule in rules: {
          from: rule
        }
      ]
      spread: [
        ...rules
        { from: 'y' }
      ]
      more: more
    }
  }

  resource child 'b' = [for name in rules: {
    name: name
    properties: {
      open: false
    }
  }]
}
"""


@pytest.mark.parametrize(
    ("declared", "path", "line"),
    [
        (5, "properties.open", 8),
        (5, "properties.acls.rules.1.from", 12),
        (5, "properties.acls.rules.2.from", 10),
        (5, "properties.acls.given.0.from", 14),
        (5, "properties.acls.looped.3.from", 17),
        (5, "properties.acls.spread.1.from", 20),
        (5, "properties.acls.more.z", 24),
        (5, "properties.absent", 7),
        (5, "tags", 5),
        (28, "properties.open", 31),
        (1, "properties.open", 1),
        (99, "properties", 99),
    ],
)
def test_the_deepest_part_that_is_written_there(declared: int, path: str, line: int) -> None:
    assert property_lines(TEXT)(declared, path.split(".")) == line


def test_a_broken_file_names_what_could_be_read() -> None:
    assert property_lines("resource x 'A/a@2024-01-01' = {")(1, ["properties"]) == 1
