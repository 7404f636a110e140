"""The gas report as tables for people, within 100 columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.gas_keys import CONTRACTS, LARGEST_SIZE, SIZES, batch_key
from ipnft_desktop.adapters.chain.simulations import MAX_TRANSACTION_GAS
from ipnft_desktop.domain.gas_laboratory import Recipients

_NAMES = ("ours", "A", "ERC721A")
_ONE_CALL = {
    "deployment": "deployment",
    "code_size_bytes": "deployed code, bytes",
    "single": "single mint to an existing holder",
    "single.new_holder": "single mint to a new holder",
    "single.known_directory": "single mint into a known directory",
    "single.own_uri": "single mint with a URI of its own",
    "transfer": "transfer of a token minted alone",
    "transfer.last_token": "transfer of the sender's last token",
    "transfer.from_batch": "transfer out of the middle of a batch",
    "token_uri": "tokenURI, called by a transaction",
}
_NOTES = """\
An existing holder has tokens already, a new one has none. A is the common textbook contract
(contracts/baselines/CommonAssetNFT.sol), ERC721A the same duties on ERC721A
(SequentialAssetNFT.sol); neither has our roles, royalty, pause and validity. All three ran on
this node, and all gas is from receipts, also that of tokenURI, which costs nothing when it is
merely asked. A saving sets a batch beside a single mint, both to an existing holder and with
metadata new to the contract. Published percentages often set singles to new holders beside
batches to existing ones, which shows more."""
_TOO_LARGE_NOTE = "* needs more than 2^24 gas at once, which newer rules refuse (EIP-7825)."


def tables(figures: Mapping[str, float]) -> str:
    """All of them, from a value for every key of the gas report."""
    parts = [_to_one_holder(figures), _to_distinct_holders(figures), _one_call(figures), _NOTES]
    text = "\n\n".join(parts)
    return f"{text}\n{_TOO_LARGE_NOTE}" if "*" in text else text


def _to_one_holder(figures: Mapping[str, float]) -> str:
    rows = [
        ["", "", "", "", "", "ours to", "our own", "A's", "ERC721A's"],
        ["N", *_NAMES, "floor", "floor", "single", "single", "N at once"],
        ["single", *(_gas(figures[f"{contract}.single"]) for contract in CONTRACTS)],
    ]
    for size in (*SIZES, LARGEST_SIZE):
        costs = [_batch(figures, contract, Recipients.ONE_HOLDER, size) for contract in CONTRACTS]
        floor, ratio = _gas(figures[f"gas.floor.{size}"]), f"{figures[f'gas.ratio_to_floor.{size}']:.3f}"
        savings = [_percent(figures.get(f"gas.saving_{base}.{size}")) for base in ("own", "baseline", "erc721a")]
        rows.append([str(size), *costs, floor, ratio, *savings])
    title = "Gas per token, N tokens at once to one existing holder, and what ours saves against"
    return _table(title, rows, 8, 10)


def _to_distinct_holders(figures: Mapping[str, float]) -> str:
    rows = [["N", *_NAMES, *_NAMES]]
    for size in (*SIZES, LARGEST_SIZE):
        costs = [
            _batch(figures, contract, recipients, size)
            for recipients in (Recipients.EXISTING_HOLDERS, Recipients.NEW_HOLDERS)
            for contract in CONTRACTS
        ]
        rows.append([str(size), *costs])
    over = f"{'':8}{'to existing holders':>30}{'to new holders':>30}"
    return _table(f"Gas per token, N tokens at once to N distinct holders\n{over}", rows, 8, 10)


def _one_call(figures: Mapping[str, float]) -> str:
    rows = [["", *_NAMES]]
    for what, words in _ONE_CALL.items():
        rows.append([words, *(_gas(figures.get(f"{contract}.{what}")) for contract in CONTRACTS)])
    return _table("Gas of one transaction", rows, 38, 10)


def _table(title: str, rows: Sequence[Sequence[str]], first_width: int, width: int) -> str:
    lines = ["".join((row[0].ljust(first_width), *(cell.rjust(width) for cell in row[1:]))).rstrip() for row in rows]
    return "\n".join([title, *lines])


def _batch(figures: Mapping[str, float], contract: str, recipients: Recipients, size: int) -> str:
    value = figures.get(batch_key(contract, recipients, size))
    is_too_large = value is not None and value * size > MAX_TRANSACTION_GAS
    return f"{_gas(value)}{'*' if is_too_large else ''}"


def _gas(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1f} %"
