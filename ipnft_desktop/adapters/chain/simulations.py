"""Reads what a node found when it tried a mint without sending it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipnft_desktop.adapters.chain.json_rpc import Json, RpcError, as_quantity
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError

if TYPE_CHECKING:
    from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract

MAX_TRANSACTION_GAS = 2**24
"""Newer rules refuse a transaction above it (EIP-7825)."""
GAS_MARGIN_PERCENT = 10


def gas_limit_from(codec: IPAssetContract, outcome: Json | RpcError) -> int:
    """Gas to offer, from the answer to `eth_estimateGas`. Raises what `preflight` of the port raises for a refusal."""
    if isinstance(outcome, RpcError):
        raise _simulation_error(codec, outcome)
    needed = as_quantity(outcome)
    if needed > MAX_TRANSACTION_GAS:
        raise EnvironmentFault(ErrorCode.GAS_ESTIMATION_FAILED, f"the call needs {needed} gas, above the limit")
    return min(needed * (100 + GAS_MARGIN_PERCENT) // 100, MAX_TRANSACTION_GAS)


def _simulation_error(codec: IPAssetContract, error: RpcError) -> IpnftError:
    if error.revert_data is None:
        return EnvironmentFault(ErrorCode.GAS_ESTIMATION_FAILED, error.message)
    return codec.revert(error.revert_data).as_error()
