"""Deleting from the Register page, taking it back, and the dialog of what was deleted."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from ipnft_desktop.domain.deleted_assets import DeletedAsset
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.ui.commands.command import Command
from ipnft_desktop.ui.register.deleted_dialog import DeletedDialog
from ipnft_desktop.ui.register.view import RegisterView
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Tone

Run = Callable[[Callable[[], Coroutine[Any, Any, None]], str], None]
"""Does something under a name for as long as the page lives; what it raises is told where the list is."""


class Bin(Protocol):
    """What the page needs of `services.asset_bin.AssetBin`."""

    @property
    def may_delete_for_good(self) -> bool: ...

    async def delete(self, asset_ids: Sequence[UUID]) -> None: ...
    async def restore(self, asset_ids: Sequence[UUID]) -> None: ...
    async def recent(self) -> tuple[DeletedAsset, ...]: ...
    async def delete_for_good(self, asset_ids: Sequence[UUID]) -> None: ...


class DeletionPresenter(QObject):
    """`undo_offered` carries a text and what takes it back; `notice` a short message with its `Tone`. Ctrl+Z takes
    back the latest deletion of this session, then the one before."""

    undo_offered = Signal(str, object)
    notice = Signal(str, object)

    def __init__(self, view: RegisterView, assets: Bin, run: Run) -> None:
        super().__init__(view)
        self._view = view
        self._assets = assets
        self._run = run
        self._deletions: list[tuple[UUID, ...]] = []
        self._dialog: DeletedDialog | None = None
        view.delete_confirmed.connect(self._on_delete)
        view.deleted_requested.connect(self._on_deleted_requested)
        Command(
            view,
            "register.undo delete take back",
            self.tr("Take back the latest deletion"),
            self._on_undo,
            QKeySequence.StandardKey.Undo,
            icon=Icon.ROTATE,
            refusal=lambda: "" if self._deletions else self.tr("Nothing was deleted."),
        )

    @property
    def dialog(self) -> DeletedDialog | None:
        """The dialog that is open."""
        return self._dialog

    def forget(self) -> None:
        """Somebody else works here: what was deleted before is not theirs to take back by a key; the dialog has it."""
        self._deletions.clear()

    def close(self) -> None:
        """Close the dialog."""
        if self._dialog is not None:
            self._dialog.reject()

    async def _delete(self, asset_ids: tuple[UUID, ...]) -> None:
        names = [self._view.name_of(asset_id) for asset_id in asset_ids[:1]]
        await self._assets.delete(asset_ids)
        self._deletions.append(asset_ids)
        if len(asset_ids) == 1:
            text = self.tr("“{0}” deleted").format(names[0])
        else:
            text = self.tr("%Ln assets deleted", "", len(asset_ids))
        self.undo_offered.emit(text, lambda: self._take_back(asset_ids))

    async def _restore(self, asset_ids: tuple[UUID, ...]) -> None:
        await self._assets.restore(asset_ids)
        # What came back one by one is not taken back once more.
        left = (tuple(one for one in deletion if one not in asset_ids) for deletion in self._deletions)
        self._deletions = [deletion for deletion in left if deletion]
        self.notice.emit(self.tr("%Ln assets restored", "", len(asset_ids)), Tone.OK)

    def _take_back(self, asset_ids: tuple[UUID, ...]) -> None:
        if asset_ids in self._deletions:
            self._deletions.remove(asset_ids)
            self._run(lambda: self._restore(asset_ids), "register undo")

    async def _list(self, dialog: DeletedDialog) -> None:
        lines = await self._assets.recent()
        if dialog is self._dialog:
            dialog.show_lines(lines)

    async def _in_dialog(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do what the dialog asks for and show what is left; what goes wrong is told there."""
        dialog = self._dialog
        if dialog is None:
            return
        try:
            await work()
            await self._list(dialog)
        except IpnftError as error:
            if dialog is not self._dialog:
                raise
            dialog.show_error(error)

    def _on_delete(self, asset_ids: tuple[UUID, ...]) -> None:
        if asset_ids:
            self._run(lambda: self._delete(asset_ids), "register delete")

    def _on_undo(self) -> None:
        if self._deletions:
            self._take_back(self._deletions[-1])

    def _on_deleted_requested(self) -> None:
        dialog = DeletedDialog(may_delete_for_good=self._assets.may_delete_for_good, parent=self._view.window())
        self._dialog = dialog
        dialog.restore_requested.connect(self._on_restore)
        dialog.delete_for_good_requested.connect(self._on_delete_for_good)
        dialog.finished.connect(self._on_closed)
        self._run(lambda: self._in_dialog(_nothing), "register deleted")
        dialog.open()

    def _on_restore(self, asset_ids: tuple[UUID, ...]) -> None:
        self._run(lambda: self._in_dialog(lambda: self._restore(asset_ids)), "register restore")

    def _on_delete_for_good(self, asset_ids: tuple[UUID, ...]) -> None:
        self._run(lambda: self._in_dialog(lambda: self._assets.delete_for_good(asset_ids)), "register delete for good")

    def _on_closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None


async def _nothing() -> None:
    """Only the list is wanted."""
