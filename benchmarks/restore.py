"""How fast a node that lost everything gets its chain back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import run_headless, temporary_profile
from benchmarks.headless import journal_complete, open_core
from benchmarks.throughput import presigned_mints, send_bare
from benchmarks.work import mint_all, new_requests
from ipnft_desktop.services.environment_state import StageKey, StageReport, StageStatus

SCENARIO = "restore"


def measure(sizes: Sizes) -> list[Figure]:
    """All blocks and transactions of a crashed node on a new one, with the checks that end a restore."""
    with temporary_profile() as profile:
        samples = run_headless(SCENARIO, profile, sizes)
    return [Figure("restore_tx_per_s", samples["transactions"] / samples["seconds"], samples["transactions"])]


async def crash_and_restore(profile: Path, sizes: Sizes) -> dict[str, Any]:
    """Mints of ours and of a foreign client, all journalled; then the node is killed and started again empty."""
    async with open_core(profile) as core:
        await mint_all(core, await new_requests(core, sizes.restored_own_mints))
        await send_bare(await presigned_mints(core, sizes.restored_foreign_mints))
        await journal_complete(core)
        chain = core.adapters.chain
        transactions = await chain.nonce_of(core.adapters.signer.address)
        await core.environment.crash_node()
        taken_s = 0.0

        def on_stage(report: StageReport) -> None:
            nonlocal taken_s
            if report.key is StageKey.IDENTITY and report.status is StageStatus.DONE:
                taken_s = report.seconds or 0.0

        await core.environment.stop()
        await core.environment.start(on_stage)
        if await chain.nonce_of(core.adapters.signer.address) != transactions:
            raise RuntimeError("the restored chain lacks transactions")
    return {"transactions": transactions, "seconds": taken_s}
