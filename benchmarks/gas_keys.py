"""The keys of the gas report, and how its figures follow from what the receipts say.

`gas.<what>` is ours, `gas.baseline.<what>` and `gas.erc721a.<what>` are the contracts it is held against. Everything
about a batch is per token: the transaction's gas divided by the number of tokens.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from benchmarks.gas_costs import ContractGas
from benchmarks.key import Key
from ipnft_desktop.adapters.chain.simulations import MAX_TRANSACTION_GAS
from ipnft_desktop.domain.gas_laboratory import BATCH_MAX_SIZE, DEFAULT_SIZES, Recipients
from ipnft_desktop.domain.gas_savings import floor_gas, saving_percent

SIZES = DEFAULT_SIZES
LARGEST_SIZE = BATCH_MAX_SIZE
"""Measured for ours alone."""
OURS, BASELINE, ERC721A = "gas", "gas.baseline", "gas.erc721a"
CONTRACTS = MappingProxyType({OURS: "ours", BASELINE: "baseline A", ERC721A: "the ERC721A baseline"})

_RECIPIENTS = MappingProxyType(
    {
        Recipients.ONE_HOLDER: "",
        Recipients.EXISTING_HOLDERS: ".existing_holders",
        Recipients.NEW_HOLDERS: ".new_holders",
    }
)
_RECIPIENT_WORDS = MappingProxyType(
    {
        Recipients.ONE_HOLDER: "one existing holder",
        Recipients.EXISTING_HOLDERS: "distinct existing holders",
        Recipients.NEW_HOLDERS: "distinct new holders",
    }
)
_FURTHER_SINGLES = MappingProxyType(
    {
        "known_directory": "single mint to a holder into a directory that has tokens already",
        "own_uri": "single mint to a holder with a URI of its own, 66 characters",
    }
)
_AIMED_SIZE = 30


def batches(contract: str) -> tuple[tuple[Recipients, int], ...]:
    """What is measured of a contract."""
    sizes = (*SIZES, LARGEST_SIZE) if contract == OURS else SIZES
    return tuple((recipients, size) for size in sizes for recipients in _RECIPIENTS)


def batch_key(contract: str, recipients: Recipients, size: int) -> str:
    """Key of the gas per token of a batch."""
    return f"{contract}.batch.{size}{_RECIPIENTS[recipients]}"


def measured(contract: str, gas: ContractGas) -> dict[str, float]:
    """One contract's own figures."""
    return {
        f"{contract}.deployment": gas.deployment,
        f"{contract}.code_size_bytes": gas.code_size_bytes,
        f"{contract}.single": gas.single,
        f"{contract}.single.new_holder": gas.single_to_new_holder,
        **{f"{contract}.single.{name}": value for name, value in gas.further_singles.items()},
        **{batch_key(contract, *batch): value / batch[1] for batch, value in gas.batches.items()},
        f"{contract}.transfer": gas.transfer,
        f"{contract}.transfer.last_token": gas.transfer_of_last,
        f"{contract}.transfer.from_batch": gas.transfer_from_batch,
        f"{contract}.token_uri": gas.token_uri,
    }


def derived(figures: Mapping[str, float]) -> dict[str, float]:
    """Floors, and what ours saves, from the measured figures of all contracts. Batches go to one existing holder."""
    found: dict[str, float] = {}
    for size in (*SIZES, LARGEST_SIZE):
        ours = figures[batch_key(OURS, Recipients.ONE_HOLDER, size)]
        found[f"gas.floor.{size}"] = floor_gas(size)
        found[f"gas.ratio_to_floor.{size}"] = ours / floor_gas(size)
        found[f"gas.saving_own.{size}"] = saving_percent(ours, figures[f"{OURS}.single"])
        found[f"gas.saving_baseline.{size}"] = saving_percent(ours, figures[f"{BASELINE}.single"])
        if size in SIZES:
            same = figures[batch_key(ERC721A, Recipients.ONE_HOLDER, size)]
            found[f"gas.saving_erc721a.{size}"] = saving_percent(ours, same)
    return found


def is_measured(key: str) -> bool:
    """Whether a figure of the gas report comes from the chain and does not follow from others."""
    return key in _MEASURED_KEYS


def _measured_keys() -> dict[str, Key]:
    keys: dict[str, Key] = {}
    for contract, name in CONTRACTS.items():
        keys[f"{contract}.deployment"] = Key("gas", f"deployment of {name}")
        keys[f"{contract}.code_size_bytes"] = Key("bytes", f"deployed code of {name}")
        keys[f"{contract}.single"] = Key("gas", f"single mint of {name} to an existing holder")
        keys[f"{contract}.single.new_holder"] = Key("gas", f"single mint of {name} to an address without tokens")
        for recipients, size in batches(contract):
            meaning = f"per token: {name}, {size} at once to {_RECIPIENT_WORDS[recipients]}"
            limit = MAX_TRANSACTION_GAS / size if size == LARGEST_SIZE else None
            keys[batch_key(contract, recipients, size)] = Key("gas", meaning, limit=limit)
        keys[f"{contract}.transfer"] = Key("gas", f"transfer with {name} between two holders")
        keys[f"{contract}.transfer.last_token"] = Key("gas", "the same where the sender has no other token")
        keys[f"{contract}.transfer.from_batch"] = Key("gas", "the same for a token out of the middle of a batch of 30")
        keys[f"{contract}.token_uri"] = Key("gas", f"a transaction that calls tokenURI of {name}")
    for further, meaning in _FURTHER_SINGLES.items():
        keys[f"{OURS}.single.{further}"] = Key("gas", meaning)
    return keys


def _derived_keys() -> dict[str, Key]:
    keys: dict[str, Key] = {}
    for size in (*SIZES, LARGEST_SIZE):
        ratio_aim, own_aim, baseline_aim = (1.05, 65, 88) if size == _AIMED_SIZE else (None, None, None)
        keys[f"gas.floor.{size}"] = Key("gas", f"least gas per token of a batch of {size}")
        keys[f"gas.ratio_to_floor.{size}"] = Key("", f"gas.batch.{size} divided by it", aim=ratio_aim)
        keys[f"gas.saving_own.{size}"] = Key(
            "%", f"gas.batch.{size} against our own single mint", aim=own_aim, higher_is_better=True
        )
        keys[f"gas.saving_baseline.{size}"] = Key(
            "%", f"gas.batch.{size} against baseline A's single mint", aim=baseline_aim, higher_is_better=True
        )
        if size in SIZES:
            keys[f"gas.saving_erc721a.{size}"] = Key(
                "%", f"gas.batch.{size} against ERC721A's batch of as many", higher_is_better=True
            )
    return keys


_MEASURED_KEYS = _measured_keys()
GAS_KEYS: Mapping[str, Key] = MappingProxyType(_MEASURED_KEYS | _derived_keys())
