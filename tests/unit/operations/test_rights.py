"""Missing rights: the least role for each action, none that another one makes needless, one line for each."""

from __future__ import annotations

from coe_scaffold.model.preflight import Check, Verdict
from coe_scaffold.operations.rights import by_role, least_roles

ASSIGN = "Microsoft.Authorization/roleAssignments/write"
DEFINE = "Microsoft.Authorization/roleDefinitions/write"
POLICY = "Microsoft.Authorization/policyAssignments/write"
VAULT = "Microsoft.KeyVault/vaults/write"


def missing(action: str, role: str, scope: str = "/subscriptions/s") -> Check:
    return Check("permissions", Verdict.PROBLEM, f"no {action}", f"ask for {role}", action, scope, role)


def test_the_least_role_is_asked_for() -> None:
    assert least_roles([ASSIGN, VAULT]) == {
        ASSIGN: "Role Based Access Control Administrator",
        VAULT: "Contributor",
    }
    assert least_roles([POLICY]) == {POLICY: "Resource Policy Contributor"}
    assert least_roles(["Contoso.Unheard/of/write"]) == {"Contoso.Unheard/of/write": "Contributor"}


def test_a_role_that_another_one_makes_needless_is_not_asked_for() -> None:
    everything = "User Access Administrator"
    assert least_roles([ASSIGN, DEFINE]) == {ASSIGN: everything, DEFINE: everything}


def test_actions_of_one_role_at_one_scope_are_one_line() -> None:
    other = Check("locks", Verdict.OK, "no locks")
    actions = [missing(f"A.B/c{number}/write", "Contributor") for number in range(5)]
    elsewhere = missing("A.B/c0/write", "Contributor", "/providers/Microsoft.Management/managementGroups/m")
    single = missing(ASSIGN, "Owner")
    found = by_role([*actions[:2], single, other, *actions[2:], elsewhere, other])
    assert [check.message for check in found] == [
        "you may not do 5 actions at /subscriptions/s: A.B/c0/write, A.B/c1/write, A.B/c2/write and 2 more",
        f"no {ASSIGN}",
        "no locks",
        "no A.B/c0/write",
        "no locks",
    ]
    assert (found[0].fix, found[0].role) == ("ask for Contributor", "Contributor")


def test_what_differs_in_its_scope_only_is_one_line() -> None:
    def excluded(role: str, *groups: str) -> list[Check]:
        alike = f"giving {role} {{where}}: no groups"
        return [
            Check(
                "conditions",
                Verdict.PROBLEM,
                f"giving {role} on {name}",
                "",
                ASSIGN,
                f"/s/{name}",
                alike=alike,
            )
            for name in groups
        ]

    found = by_role([*excluded("A", "g1", "g2"), *excluded("B", "g1"), *excluded("A", "g3", "g2", "g4")])
    assert [check.message for check in found] == [
        "giving A on g1, g2, g3 and 1 more (5 times): no groups",
        "giving B on g1",
    ]
