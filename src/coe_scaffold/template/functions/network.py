"""CIDR functions."""

from __future__ import annotations

import ipaddress

from coe_scaffold.model.json import Value
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.functions.registry import Policy, declare, integer, text

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _network(function: str, value: Value) -> Network:
    try:
        return ipaddress.ip_network(text(function, value), strict=False)
    except ValueError:
        raise TemplateFailure(
            f"The template language function '{function}' expects a valid CIDR range: '{value}'."
        ) from None


def parse_cidr(value: Value) -> dict[str, Value]:
    """``parseCidr(network)``; in IPv6 every address is usable and none is for broadcasts."""
    network = _network("parseCidr", value)
    fourth = isinstance(network, ipaddress.IPv4Network)
    whole = network.num_addresses <= 2 or not fourth
    first = network.network_address if whole else network.network_address + 1
    final = network.broadcast_address
    result: dict[str, Value] = {
        "network": str(network.network_address),
        "netmask": str(network.netmask),
        "broadcast": str(final) if fourth else None,
        "firstUsable": str(first),
        "lastUsable": str(final if whole else final - 1),
        "cidr": network.prefixlen,
    }
    return {key: item for key, item in result.items() if item is not None}


def cidr_subnet(value: Value, prefix: Value, number: Value) -> str:
    """``cidrSubnet(network, new prefix length, index from 0)``."""
    network = _network("cidrSubnet", value)
    length, index = integer("cidrSubnet", prefix), integer("cidrSubnet", number)
    if not network.prefixlen <= length <= network.max_prefixlen:
        raise TemplateFailure(
            f"The template language function 'cidrSubnet' can't cut '{network}' into '/{length}'."
        )
    if not 0 <= index < 2 ** (length - network.prefixlen):
        raise TemplateFailure(
            f"The template language function 'cidrSubnet' finds no subnet '{index}' in '{network}'."
        )
    start = network.network_address + index * 2 ** (network.max_prefixlen - length)
    return f"{start}/{length}"


def cidr_host(value: Value, number: Value) -> str:
    """``cidrHost(network, index from 0)``: index 0 is the first usable address."""
    network, index = _network("cidrHost", value), integer("cidrHost", number)
    offset = index if network.num_addresses <= 2 else index + 1
    usable = network.num_addresses if network.num_addresses <= 2 else network.num_addresses - 1
    if not index >= 0 or offset >= usable:
        raise TemplateFailure(
            f"The template language function 'cidrHost' finds no host '{index}' in '{network}'."
        )
    return str(network.network_address + offset)


FUNCTIONS = declare(
    Policy.WHOLE,
    parseCidr=(parse_cidr, 1, 1),
    cidrSubnet=(cidr_subnet, 3, 3),
    cidrHost=(cidr_host, 2, 2),
)
