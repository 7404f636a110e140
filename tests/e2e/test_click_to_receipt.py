"""From a click in the window to the receipt on the chain; the node itself is asked what happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication

from ipnft_desktop.bootstrap.core import build_core
from ipnft_desktop.bootstrap.page_keys import GALLERY, REGISTER
from ipnft_desktop.bootstrap.window import Program
from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.chain import SendReply, SendVerdict
from ipnft_desktop.domain.events import MintAdvanced
from ipnft_desktop.domain.minting import AssetState, MintStage
from ipnft_desktop.settings import Settings
from ipnft_desktop.tour.camera import Camera, seen
from ipnft_desktop.tour.story import Story
from ipnft_desktop.ui.mint.dialog import MintDialog
from tests.support.node_oracle import ask, mints_of, owner_of

T = TypeVar("T")


@asynccontextmanager
async def running_program(app: QApplication, profile: Path) -> AsyncGenerator[Program]:
    """The window over a running environment with the demonstration register.

    No fixture: between fixture and test Qt goes on while no asyncio loop runs, which never happens to a person.
    """
    settings = Settings(node_port=18700)
    program = Program(app, profile, settings)
    try:
        await program.show()
        await program.join(await asyncio.to_thread(build_core, profile, settings))
        program.pages.environment_view.start_button.click()
        core = program.core
        assert core is not None
        await seen("environment", lambda: core.environment.ready)
        yield program
    finally:
        program.window.close()
        await program.close()


async def rpc_and_contract(program: Program) -> tuple[str, str]:
    assert program.core is not None
    environment = program.core.environment
    status = await environment.node_status()
    assert status is not None
    assert environment.ready is not None
    return status.rpc_url, environment.ready.identity.contract_address


async def select(program: Program, count: int) -> list[UUID]:
    """Select the first drafts of the register."""
    assert program.core is not None
    page = await program.core.register.page(AssetQuery(states=frozenset({AssetState.DRAFT})), limit=count)
    chosen = [row.asset_id for row in page.rows]
    program.window.show_page(REGISTER)
    table = program.pages.register_view.table
    await seen("the list", lambda: program.pages.register_view.model.position(chosen[0]) is not None)
    table.select_assets(chosen, chosen[0])
    await seen("the selection", lambda: table.selected_count == count)
    return chosen


async def confirmed_dialog(program: Program) -> MintDialog:
    """Press Mint in the register, then Mint in the dialog."""
    program.pages.register_view.mint_button.click()
    dialog = (await seen("the dialog", lambda: program.pages.mint.dialogs))[0]
    await seen("the estimate", dialog.confirm.mint_button.isEnabled)
    dialog.confirm.mint_button.click()
    return dialog


def heard(program: Program, wanted: Callable[[MintAdvanced], bool]) -> asyncio.Future[MintAdvanced]:
    """The first mint event that is wanted."""
    found: asyncio.Future[MintAdvanced] = asyncio.get_running_loop().create_future()

    def listen(event: MintAdvanced) -> None:
        if not found.done() and wanted(event):
            found.set_result(event)

    program.pages.events.mint_advanced.connect(listen)
    return found


async def test_a_click_becomes_a_token(qapp: QApplication, tmp_path: Path) -> None:
    async with running_program(qapp, tmp_path) as program:
        (asset_id,) = await select(program, 1)
        dialog = await confirmed_dialog(program)
        await seen("success", lambda: dialog.face is dialog.success)
        rpc_url, contract = await rpc_and_contract(program)
        (mint,) = await asyncio.to_thread(mints_of, rpc_url, contract, asset_id)
        receipt = await asyncio.to_thread(ask, rpc_url, "eth_getTransactionReceipt", mint["transactionHash"])
        assert receipt["status"] == "0x1"
        assert program.core is not None
        asset = await program.core.register.asset(asset_id)
        assert asset.state is AssetState.MINTED
        assert asset.mint is not None
        assert asset.mint.tx_hash == mint["transactionHash"]
        assert await asyncio.to_thread(owner_of, rpc_url, contract, asset_id) == asset.enterprise.wallet_address.lower()
        verified: list[object] = []
        program.pages.gallery.verified.connect(verified.append)
        dialog.success.card_button.click()
        (facts,) = await seen("verified card", lambda: verified)
        assert program.window.current_page == GALLERY
        assert all(fact.matches for fact in facts)


async def test_a_batch_is_one_transaction(qapp: QApplication, tmp_path: Path) -> None:
    async with running_program(qapp, tmp_path) as program:
        chosen = await select(program, 3)
        dialog = await confirmed_dialog(program)
        await seen("success", lambda: dialog.face is dialog.success)
        rpc_url, contract = await rpc_and_contract(program)
        mints = [await asyncio.to_thread(mints_of, rpc_url, contract, asset_id) for asset_id in chosen]
        assert [len(found) for found in mints] == [1, 1, 1]
        assert len({found[0]["transactionHash"] for found in mints}) == 1


async def test_a_cut_connection_is_told_and_ends_in_one_token(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_program(qapp, tmp_path) as program:
        assert program.core is not None
        (asset_id,) = await select(program, 1)
        chain = program.core.adapters.chain
        send = chain.send_raw

        async def send_and_die(raw: bytes) -> SendReply:
            monkeypatch.undo()
            await send(raw)
            assert program.core is not None
            await program.core.environment.crash_node()
            return SendReply(SendVerdict.UNKNOWN, "connection lost")

        monkeypatch.setattr(chain, "send_raw", send_and_die)
        told = heard(program, lambda event: event.progress.error is not None)
        dialog = await confirmed_dialog(program)
        progress = (await told).progress
        assert progress.error is not None
        assert progress.error.code == "NODE_UNREACHABLE"
        assert progress.stage in (MintStage.SUBMITTING, MintStage.CONFIRMING)
        program.pages.environment_view.restart_requested.emit()
        await seen("success", lambda: dialog.face is dialog.success)
        rpc_url, contract = await rpc_and_contract(program)
        assert len(await asyncio.to_thread(mints_of, rpc_url, contract, asset_id)) == 1


async def test_the_tour_tells_its_story_with_a_picture_of_every_page(qapp: QApplication, tmp_path: Path) -> None:
    settings = Settings(node_port=18700, confirmations=4, stage_pace_ms=20)
    program = Program(qapp, tmp_path / "profile", settings)
    camera = Camera(program.window, tmp_path / "pictures", lambda: program.pages.pictures.is_idle, (False,))
    await program.show()
    await program.join(await asyncio.to_thread(build_core, tmp_path / "profile", settings))
    steps = [step async for step in Story(program, camera).tell()]
    program.window.close()
    await program.close()
    assert [step.failure for step in steps] == [""] * len(steps)
    assert [len(step.tokens) for step in steps if step.tokens] == [1, 3, 30]
    assert len(camera.pictures) >= 40
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in camera.pictures)
