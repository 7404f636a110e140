"""The gas laboratory, joined with a scratch chain and the folder of its results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ipnft_desktop.adapters.workspaces import layout
from ipnft_desktop.services.gas_laboratory import GasLaboratory
from ipnft_desktop.services.ports import Clock
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.sheet_ports import SheetFiles


def gas_laboratory(
    workspace: Path,
    sheets: SheetFiles,
    session: Session,
    clock: Clock,
    cannot_sign_in: Callable[[], bool] = lambda: False,
) -> GasLaboratory:
    """Over a workspace's folder, with nothing of its register or chain. Imports the chain libraries."""
    from ipnft_desktop.adapters.laboratory.result_files import ResultFiles
    from ipnft_desktop.adapters.laboratory.scratch_chain import HardhatScratchChain

    folder = workspace / layout.LABORATORY
    chain = HardhatScratchChain(folder / layout.NODE_HOME)
    return GasLaboratory(chain, ResultFiles(folder), sheets, session, clock, cannot_sign_in)
