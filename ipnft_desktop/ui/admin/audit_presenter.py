"""Keeps the tab of the audit log in step with it: pages, verification, anchors, export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject

from ipnft_desktop.domain.audit import (
    AnchorMatch,
    AnchorVerdict,
    AuditAnchor,
    AuditFinding,
    AuditPage,
    AuditQuery,
    AuditVerdict,
)
from ipnft_desktop.domain.errors import ErrorCode, IpnftError, with_code
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.admin.anchors_dialog import AnchorsDialog
from ipnft_desktop.ui.admin.audit_view import AuditView
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.audit_words import anchor_sentence, verdict_sentence
from ipnft_desktop.ui.widgets.file_dialogs import ask_where_to_save
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.toast import ToastStack

_LIST, _MORE, _WORK, _ANCHORS = "list", "more", "work", "anchors"


class Log(Protocol):
    """What the tab needs of `services.audit_log.AuditLog`."""

    async def page(self, query: AuditQuery, before: int | None = None) -> AuditPage: ...
    async def verify(self, on_judged: Callable[[int, int], None] | None = None) -> AuditVerdict: ...


class Anchors(Protocol):
    """What the tab needs of `services.audit_anchors.AuditAnchors`."""

    async def anchor(self) -> AuditAnchor: ...
    async def anchors(self) -> tuple[AuditAnchor, ...]: ...
    async def verify(self, tx_hash: str) -> AnchorVerdict: ...


class Exports(Protocol):
    """What the tab needs of `services.audit_export.AuditExport`."""

    async def export(self, query: AuditQuery, sheet_format: SheetFormat, target: Path, work: LongWork) -> int: ...


class AuditPresenter(QObject):
    """Drives one `AuditView`; `toasts` tells what was done."""

    def __init__(
        self, view: AuditView, log: Log, anchors: Anchors, exports: Exports, access: Access, toasts: ToastStack
    ) -> None:
        super().__init__(view)
        self._access = access
        self._view = view
        self._log = log
        self._anchors = anchors
        self._exports = exports
        self._toasts = toasts
        self._query = AuditQuery()
        self._stop: Callable[[], object] | None = None
        self._dialog: AnchorsDialog | None = None
        self._is_closed = False
        self._tasks = PageTasks(self._on_unexpected)
        view.query_changed.connect(self._on_query)
        view.model.more_wanted.connect(self._on_more)
        view.verify_requested.connect(self._on_verify)
        view.cancel_requested.connect(self._on_cancel)
        view.anchors_requested.connect(self._on_anchors)
        view.export_requested.connect(self._on_export)

    @property
    def dialog(self) -> AnchorsDialog | None:
        """The anchors, while they are in view."""
        return self._dialog

    @property
    def is_reading(self) -> bool:
        """Whether rows are being read."""
        return self._tasks.is_running(_LIST) or self._tasks.is_running(_MORE)

    @property
    def is_working(self) -> bool:
        """Whether the log is being verified or exported."""
        return self._tasks.is_running(_WORK)

    async def close(self) -> None:
        """Cancel what is under way and close the dialog."""
        self._is_closed = True
        await self._tasks.close()
        if self._dialog is not None:
            self._dialog.close()

    def _on_cancel(self) -> None:
        if self._stop is not None:
            self._stop()

    # --- rows ---------------------------------------------------------------------------------------------------

    def _on_query(self) -> None:
        query = self._view.query()
        if query is not None and not self._is_closed:
            self._query = query
            self._tasks.start(self._read(query), _LIST)

    def _on_more(self) -> None:
        if not self._is_closed:  # the table may still be painted once more
            self._tasks.start(self._read_more(), _MORE)

    async def _read(self, query: AuditQuery) -> None:
        try:
            page = await self._log.page(query)
        except IpnftError as error:
            self._view.show_error(error)
            return
        if query == self._query:  # else a later answer is on the way
            self._view.show_error(None)
            self._view.model.reset(page)
            self._view.refresh()

    async def _read_more(self) -> None:
        query = self._query
        try:
            page = await self._log.page(query, self._view.model.oldest)
        except IpnftError as error:
            self._view.model.give_up()
            self._view.show_error(error)
            return
        if query == self._query:
            self._view.model.add_page(page)
            self._view.refresh()

    # --- verification -------------------------------------------------------------------------------------------

    def _on_verify(self) -> None:
        self._view.show_error(None)
        self._view.show_state(self.tr("NOT VERIFIED"), Tone.NEUTRAL, self.tr("The verification was stopped."))
        self._view.show_work(self.tr("Verifying"))
        task = self._tasks.start(self._verify(), _WORK)
        self._stop = task.cancel
        task.add_done_callback(self._on_verified)

    def _on_verified(self, _task: object) -> None:
        """However it ended, also before it began."""
        self._view.show_work("")

    async def _verify(self) -> None:
        told = self.tr("Verifying: {0} of {1} rows")

        def tell(done: int, total: int) -> None:
            self._view.show_work(told.format(number_text(done), number_text(total)), done * 100 // max(1, total))

        try:
            verdict = await self._log.verify(tell)
        except IpnftError as error:
            self._view.show_state(self.tr("NOT VERIFIED"), Tone.WARN, self.tr("The log could not be verified."))
            self._view.show_error(error)
            return
        word, tone = (self.tr("SOUND"), Tone.OK) if verdict.is_sound else (self.tr("BROKEN"), Tone.ERROR)
        self._view.show_state(word, tone, verdict_sentence(verdict))
        if verdict.finding is not None:
            await self._go_to(verdict.finding)

    async def _go_to(self, finding: AuditFinding) -> None:
        """Show the rows from the bad one on; where it is missing, from the one before."""
        if not self._view.show_row(finding.audit_id):
            page = await self._log.page(AuditQuery(), finding.audit_id + 1)
            self._view.model.reset(page)
            self._view.refresh()

    # --- anchors ------------------------------------------------------------------------------------------------

    def _on_anchors(self) -> None:
        dialog = AnchorsDialog(self._view.window())
        self._dialog = dialog

        def on_anchor() -> None:
            dialog.set_busy(is_anchoring=True)
            self._tasks.start(self._anchor(dialog), _ANCHORS)

        def on_check(tx_hash: str) -> None:
            self._tasks.start(self._check(dialog, tx_hash), _ANCHORS)

        self._access.guard(dialog.anchor_button, Permission.ANCHOR_AUDIT, dialog.anchor_button.refuse)
        dialog.anchor_requested.connect(on_anchor)
        dialog.check_requested.connect(on_check)
        dialog.finished.connect(self._on_finished)
        dialog.open()
        self._tasks.start(self._list_anchors(dialog), _ANCHORS)

    def _on_finished(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
        self._on_query()

    async def _list_anchors(self, dialog: AnchorsDialog) -> None:
        try:
            anchors = await self._anchors.anchors()
        except IpnftError as error:
            self._tell_in(dialog, error)
            return
        if dialog is self._dialog:
            dialog.show_anchors(anchors)

    async def _anchor(self, dialog: AnchorsDialog) -> None:
        try:
            anchor = await self._anchors.anchor()
        except IpnftError as error:
            self._tell_in(dialog, error)
            return
        finally:
            if dialog is self._dialog:
                dialog.set_busy(is_anchoring=False)
        if anchor.block_number is None:
            told = self.tr("Row {0} is on its way into the chain").format(number_text(anchor.point.audit_id))
        else:
            told = self.tr("Row {0} is anchored in block {1}").format(
                number_text(anchor.point.audit_id), number_text(anchor.block_number)
            )
        self._toasts.show_toast(told, Tone.OK)
        await self._list_anchors(dialog)

    async def _check(self, dialog: AnchorsDialog, tx_hash: str) -> None:
        try:
            verdict = await self._anchors.verify(tx_hash)
        except IpnftError as error:
            if error.code is ErrorCode.VALIDATION_FAILED and dialog is self._dialog:
                dialog.field.set_error(self.tr("A transaction hash is 0x and 64 hexadecimal digits."))
            else:
                self._tell_in(dialog, error)
            return
        if dialog is self._dialog:
            is_same = verdict.match is AnchorMatch.SAME
            is_waiting = verdict.match in (AnchorMatch.NOT_ON_CHAIN, AnchorMatch.NO_ANCHOR)
            tone = Tone.OK if is_same else Tone.WARN if is_waiting else Tone.ERROR
            word = self.tr("AGREES") if is_same else self.tr("PROVES NOTHING") if is_waiting else self.tr("DIFFERS")
            dialog.show_verdict(word, tone, anchor_sentence(verdict))

    def _tell_in(self, dialog: AnchorsDialog, error: IpnftError) -> None:
        if dialog is self._dialog:
            dialog.show_error(error)
        else:
            self._view.show_error(error)

    # --- export -------------------------------------------------------------------------------------------------

    def _on_export(self) -> None:
        name_filter = ";;".join(f"{one.name} (*.{one.value})" for one in SheetFormat)
        dialog = ask_where_to_save(self._view, "audit-log.csv", self._begin_export)
        dialog.setNameFilter(name_filter)

    def _begin_export(self, target: Path) -> None:
        endings = [one.value for one in SheetFormat]
        ending = target.suffix.removeprefix(".").lower()
        if ending not in endings:
            target, ending = target.with_name(f"{target.name}.csv"), "csv"
        work = LongWork(lambda share: self._view.show_work(self.tr("Exporting…"), round(share * 100)))
        self._stop = work.cancel
        self._view.show_work(self.tr("Exporting…"))
        self._tasks.start(self._export(SheetFormat(ending), target, work), _WORK)

    async def _export(self, sheet_format: SheetFormat, target: Path, work: LongWork) -> None:
        try:
            count = await self._exports.export(self._query, sheet_format, target, work)
        except WorkCancelled:
            self._toasts.show_toast(self.tr("The export was stopped; no file was written"), Tone.NEUTRAL)
        except IpnftError as error:
            self._view.show_error(error)
        else:
            told = self.tr("%Ln rows were written to {0}", "", count).format(target.name)
            self._toasts.show_toast(told, Tone.OK)
        finally:
            self._view.show_work("")

    def _on_unexpected(self, error: Exception) -> None:
        self._view.show_error(with_code(error))
