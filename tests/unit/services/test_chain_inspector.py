"""Lists of transactions: the names of what they call are found without holding others up."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence

import pytest

from ipnft_desktop.adapters.chain.inspection.contract_codec import AbiCodec
from ipnft_desktop.domain.inspection.contracts import ContractAbi
from tests.support.core_factory import MemoryCore, request

MANY = 5_000


async def test_the_names_of_a_large_abi_are_hashed_aside_and_once_a_page(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """5,000 signatures take an eighth of a second."""
    core = memory.core
    own = await core.abis.own_contract()
    assert own is not None
    functions = [{"type": "function", "name": f"f{at}", "inputs": [], "outputs": []} for at in range(MANY)]
    await core.abis.import_abi(own, "Large", json.dumps(functions))
    for asset in await memory.add_assets(3):
        await core.desk.mint([request(asset)])
    joined: list[int] = []
    methods = AbiCodec.methods

    def watched(codec: AbiCodec, abis: Sequence[ContractAbi]) -> Mapping[str, str]:
        joined.append(threading.get_ident())
        return methods(codec, abis)

    monkeypatch.setattr(AbiCodec, "methods", watched)
    page = await core.inspector.transactions()
    assert len([line for line in page.lines if line.to == own and line.selector]) == 3
    assert len(joined) == 1
    assert joined != [threading.get_ident()]
