"""What every part of the tour works with: one program, one camera, and a person's way of waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from PySide6.QtWidgets import QDialog

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.bootstrap.pages import Pages
from ipnft_desktop.bootstrap.window import Program
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.tour.camera import Camera, seen
from ipnft_desktop.ui.main_window import MainWindow

D = TypeVar("D", bound=QDialog)

Made = tuple[tuple[str, ...], str]
"""Token ids and the transaction that made them."""
NOTHING: Made = ((), "")


class Guide:
    """Presses what a person would press."""

    def __init__(self, program: Program, camera: Camera) -> None:
        self.program = program
        self.camera = camera

    @property
    def window(self) -> MainWindow:
        """The window."""
        return self.program.window

    @property
    def pages(self) -> Pages:
        """The pages in it now."""
        return self.program.pages

    @property
    def core(self) -> Core:
        """What they work with."""
        core = self.program.core
        assert core is not None
        return core

    async def opened(self, kind: type[D], press: Callable[[], object]) -> D:
        """The dialog of this kind that a press opens."""
        press()
        return await seen(f"{kind.__name__}", lambda: self._visible(kind))

    async def show(
        self,
        name: str,
        kind: type[D],
        press: Callable[[], object],
        is_filled: Callable[[D], object] = lambda _dialog: True,
    ) -> None:
        """Photograph the dialog that a press opens, once it is filled, and leave it again."""
        dialog = await self.opened(kind, press)
        await seen(f"a filled {kind.__name__}", lambda: is_filled(dialog))
        await self.camera.take(name)
        dialog.reject()
        await seen(f"the end of {kind.__name__}", lambda: self._visible(kind) is None)

    async def select(self, asset_id: UUID) -> None:
        """Select an asset of the Register page and wait until it is shown beside the list."""
        view = self.pages.register_view
        await seen("selection of an asset", lambda: view.table.select_asset(asset_id))
        await seen("the asset beside the list", lambda: view.panel.asset_id == asset_id)

    def panel_shows(self, state: AssetState) -> bool:
        """Whether the asset beside the list is in this state."""
        asset = self.pages.register_view.panel.asset
        return asset is not None and asset.state is state

    def state_in_view(self, asset_id: UUID) -> AssetState | None:
        """The state that the list shows of an asset; None where it does not show it."""
        model = self.pages.register_view.model
        position = model.position(asset_id)
        row = None if position is None else model.row_at(position)
        return row.state if row else None

    def _visible(self, kind: type[D]) -> D | None:
        return next((dialog for dialog in self.window.findChildren(kind) if dialog.isVisible()), None)
