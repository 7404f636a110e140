"""What is known of a contract's gas once it was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ipnft_desktop.domain.gas_laboratory import Recipients


@dataclass(frozen=True, slots=True)
class ContractGas:
    """What a contract costs, in gas a transaction; the price of the transaction itself (21,000) is part of each."""

    deployment: int
    code_size_bytes: int
    single: int
    """One token to a holder who has some, its metadata in a directory that the contract has not seen."""
    single_to_new_holder: int
    further_singles: Mapping[str, int]
    batches: Mapping[tuple[Recipients, int], int]
    """The whole transaction by recipients and number of tokens, each in a directory of its own."""
    transfer: int
    """Of a token minted alone, between two holders who have others."""
    transfer_of_last: int
    """The same where the sender has no other, which gives gas back for the emptied balance."""
    transfer_from_batch: int
    """The same for one out of the middle of a batch of 30."""
    token_uri: int
    """A transaction that calls tokenURI; asked without one, as people do, it costs nothing."""
