"""Asks a node for the parts of a chain's identity, and reads what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eth_hash.auto import keccak

from ipnft_desktop.adapters.chain.answers import block_call, block_ref, contract_call, hex_text
from ipnft_desktop.adapters.chain.json_rpc import Json, RpcCall, RpcError, as_bytes, as_quantity, value_of
from ipnft_desktop.domain.chain import ChainObservation
from ipnft_desktop.domain.errors import EnvironmentFault

if TYPE_CHECKING:
    from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract

OBSERVATIONS = 4


def observation_calls(codec: IPAssetContract, address: str, deployment_block: int) -> list[RpcCall]:
    """What `observation_from` needs to know, `OBSERVATIONS` requests."""
    return [
        ("eth_chainId", []),
        ("eth_getCode", [address, "latest"]),
        contract_call(address, codec.call("instanceId")),
        block_call(deployment_block),
    ]


def observation_from(codec: IPAssetContract, outcomes: Sequence[Json | RpcError]) -> ChainObservation:
    """The parts of an identity from the answers."""
    chain_id, code, instance_id, block = outcomes
    runtime_code = as_bytes(value_of(code))
    anchor = value_of(block)
    return ChainObservation(
        chain_id=as_quantity(value_of(chain_id)),
        code_hash=hex_text(keccak(runtime_code)) if runtime_code else None,
        instance_id=_instance_id(codec, instance_id),
        deployment_block_hash=None if anchor is None else block_ref(anchor).block_hash,
    )


def _instance_id(codec: IPAssetContract, outcome: Json | RpcError) -> str | None:
    """None where a contract of another kind, or none, did not answer."""
    if isinstance(outcome, RpcError):
        return None
    try:
        return hex_text(codec.answer("instanceId", outcome)[0])
    except EnvironmentFault:
        return None
