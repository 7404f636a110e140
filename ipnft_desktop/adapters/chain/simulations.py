"""Reads what a node found when it tried a mint without sending it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipnft_desktop.adapters.chain.json_rpc import Json, RpcError, as_quantity
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.mint_gas import GAS_MARGIN_PERCENT, MAX_TRANSACTION_GAS
from ipnft_desktop.domain.phrases import phrase

if TYPE_CHECKING:
    from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract
    from ipnft_desktop.domain.chain import MintCall


def gas_limit_from(codec: IPAssetContract, call: MintCall, outcome: Json | RpcError) -> int:
    """Gas to offer, from the answer to `eth_estimateGas`. Raises what `preflight` of the port raises for a refusal."""
    if isinstance(outcome, RpcError):
        raise _simulation_error(codec, call, outcome)
    return gas_offered(outcome)


def gas_offered(estimate: Json) -> int:
    """Gas to offer for what needs this much. Raises EnvironmentFault GAS_ESTIMATION_FAILED above the limit."""
    needed = as_quantity(estimate)
    if needed > MAX_TRANSACTION_GAS:
        raise EnvironmentFault(
            ErrorCode.GAS_ESTIMATION_FAILED, phrase("the call needs {needed} gas, above the limit", needed=needed)
        )
    return min(needed * (100 + GAS_MARGIN_PERCENT) // 100, MAX_TRANSACTION_GAS)


def _simulation_error(codec: IPAssetContract, call: MintCall, error: RpcError) -> IpnftError:
    if error.revert_data is None:
        return EnvironmentFault(ErrorCode.GAS_ESTIMATION_FAILED, error.message)
    refusal = codec.revert(error.revert_data).as_error()
    if refusal.code is ErrorCode.DUPLICATE_ASSET:
        return _duplicate(call, refusal)
    return refusal


def _duplicate(call: MintCall, refusal: IpnftError) -> IpnftError:
    """The contract does not tell a token that exists from one that the same call has just made; the call does."""
    if [str(asset_id) for asset_id in call.asset_ids].count(refusal.facts.get("asset_id", "")) < 2:
        return refusal
    return UserError(ErrorCode.DUPLICATE_IN_BATCH, refusal.detail, field="assets", **refusal.facts)
