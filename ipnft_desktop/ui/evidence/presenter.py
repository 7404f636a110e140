"""Runs evidence in the window: bundles and certificates of cards into a folder, and the verdict on a bundle."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from ipnft_desktop.domain.assets import AssetPage, AssetQuery, PageAnchor
from ipnft_desktop.domain.certificate import CertificateLanguage
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, with_code
from ipnft_desktop.domain.evidence import EvidenceOrigin, EvidenceOutcome
from ipnft_desktop.domain.file_names import safe_file_name
from ipnft_desktop.services.long_work import LongWork, OnShare
from ipnft_desktop.ui.evidence.export_dialog import ExportEvidenceDialog, Scope
from ipnft_desktop.ui.evidence.verify_dialog import VerifyDialog
from ipnft_desktop.ui.gallery.view import GalleryView
from ipnft_desktop.ui.models.asset_pages import PAGE_ROWS
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.file_dialogs import ask_for_files, ask_for_folder
from ipnft_desktop.ui.widgets.file_drop import FileDrop
from ipnft_verify.report import Report

_EXPORT, _VERIFY = "export evidence", "verify evidence"
_ALL_CERTIFICATES = "certificates.pdf"


class Evidence(Protocol):
    """What the window needs of `services.evidence.EvidenceService`."""

    async def export_many(
        self, asset_ids: Collection[UUID], folder: Path, on_outcome: Callable[[EvidenceOutcome], None] | None = None
    ) -> tuple[EvidenceOutcome, ...]: ...
    async def verify(
        self, file: Path, *, rpc_url: str | None = None, signer: str | None = None, on_share: OnShare | None = None
    ) -> Report: ...
    async def origin(self, report: Report) -> EvidenceOrigin | None: ...


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    """What was asked of the verifier; a newer one makes the answer to this one nobody's."""

    file: Path
    asks_chain: bool
    signer: str | None


class Register(Protocol):
    """What it needs of `services.register.RegisterService`."""

    async def page(self, query: AssetQuery, after: PageAnchor | None = None, limit: int = PAGE_ROWS) -> AssetPage: ...


class EvidencePresenter(QObject):
    """`notice` is a short message with its `Tone`; `written` a message about files, and the folder they are in."""

    notice = Signal(str, object)
    written = Signal(str, object)

    def __init__(
        self,
        view: GalleryView,
        evidence: Evidence,
        register: Register,
        rpc_url: Callable[[], Awaitable[str | None]],
        open_folder: Callable[[Path], object],
    ) -> None:
        """`rpc_url` tells where this register's chain can be asked now; None where it cannot."""
        super().__init__(view)
        self._view = view
        self._evidence = evidence
        self._register = register
        self._rpc_url = rpc_url
        self._open_folder = open_folder
        self._tasks = PageTasks(self._on_unexpected)
        self._exporting: ExportEvidenceDialog | None = None
        self._verifying: VerifyDialog | None = None
        self._folder = Path()
        self._question: _Question | None = None
        self._judging: asyncio.Task[None] | None = None
        self._outcomes: list[EvidenceOutcome] = []
        self._is_closed = False
        view.panel.evidence_button.clicked.connect(self._on_card)
        view.evidence_button.clicked.connect(self._on_several)
        view.verify_button.clicked.connect(self.ask_for_bundle)
        FileDrop(view.grid.viewport(), _is_bundle).dropped.connect(self._on_dropped)

    @property
    def is_working(self) -> bool:
        """Whether files are being written."""
        return self._tasks.is_running(_EXPORT)

    @property
    def is_verifying(self) -> bool:
        """Whether a bundle is being judged."""
        return self._tasks.is_running(_VERIFY)

    def ask_for_bundle(self) -> None:
        """Have a file chosen, and judge it."""
        ask_for_files(
            self._verifying or self._view,
            self.tr("Verify a bundle"),
            lambda files: self.verify(files[0]),
            name_filter=self.tr("Evidence bundles (*.zip)"),
            several=False,
        )

    def verify(self, file: Path, *, asks_chain: bool = False, signer: str | None = None) -> None:
        """Judge a file, and tell of it in a dialog; what was judged before and is not finished ends. `signer` is an
        account that the person trusts instead of the mint's sender."""
        if self._is_closed:
            return
        dialog = self._verifying
        if dialog is None:
            dialog = self._verifying = VerifyDialog(self._view.window())
            dialog.another_wanted.connect(self.ask_for_bundle)
            dialog.chain_wanted.connect(self._on_chain_wanted)
            dialog.signer_wanted.connect(self._on_signer_wanted)
            dialog.finished.connect(self._on_verifying_closed)
            dialog.open()
        self._end_verifying()
        question = self._question = _Question(file, asks_chain, signer)
        dialog.show_verifying(file)
        self._judging = self._tasks.start(self._verify(dialog, question), _VERIFY)

    def show_export(self, scopes: Mapping[Scope, int]) -> None:
        """Ask which of these assets get evidence."""
        if self._is_closed or self._exporting is not None:
            return
        dialog = self._exporting = ExportEvidenceDialog(scopes, self._view.window())
        dialog.start_wanted.connect(self._on_start)
        dialog.cancel_wanted.connect(self._on_cancel)
        dialog.folder_wanted.connect(lambda: self._open_folder(self._folder))
        dialog.finished.connect(self._on_export_closed)
        dialog.open()

    async def close(self) -> None:
        """End what is under way."""
        self._is_closed = True
        await self._tasks.close()
        for dialog in (self._exporting, self._verifying):
            if dialog is not None:
                dialog.done(0)

    async def _verify(self, dialog: VerifyDialog, question: _Question) -> None:
        def is_awaited() -> bool:
            return self._verifying is dialog and self._question is question

        def show_share(share: float) -> None:
            if is_awaited():
                dialog.show_share(share)

        try:
            url = await self._rpc_url() if question.asks_chain else None
            if question.asks_chain and url is None:
                raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE)
            report = await self._evidence.verify(
                question.file, rpc_url=url, signer=question.signer, on_share=show_share
            )
            origin = await self._evidence.origin(report)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is about this file and told there
            if is_awaited():
                dialog.show_error(with_code(error))
            return
        if is_awaited():
            dialog.show_report(report, origin)

    def _end_verifying(self) -> None:
        """What is being judged is no matter any more; its thread ends at its next step."""
        self._question = None
        if self._judging is not None:
            self._judging.cancel()
            self._judging = None

    def _on_chain_wanted(self) -> None:
        if self._question is not None:
            self.verify(self._question.file, asks_chain=True, signer=self._question.signer)

    def _on_signer_wanted(self, signer: str) -> None:
        if self._question is not None:
            self.verify(self._question.file, asks_chain=self._question.asks_chain, signer=signer)

    async def _export(
        self, scope: Scope, language: CertificateLanguage | None, folder: Path, *, one_file: bool
    ) -> None:
        dialog = self._exporting
        assert dialog is not None
        names = await self._subjects(scope)
        outcomes = self._outcomes = list[EvidenceOutcome]()
        dialog.show_names(names)

        def heard(outcome: EvidenceOutcome) -> None:
            outcomes.append(outcome)
            if self._exporting is dialog:
                dialog.show_outcomes(outcomes, len(names))

        await self._evidence.export_many(tuple(names), folder, heard)
        made = [outcome.bundle.file for outcome in outcomes if outcome.bundle is not None]
        if language is not None and made:
            await self._print(made, folder, language, one_file=one_file)

    async def _print(
        self, bundles: Sequence[Path], folder: Path, language: CertificateLanguage, *, one_file: bool
    ) -> None:
        dialog, total = self._exporting, len(bundles)
        assert dialog is not None
        # Imported here: the window starts without what draws codes.
        from ipnft_desktop.ui.certificates.printing import print_certificates

        def show_share(share: float) -> None:
            if self._exporting is dialog:
                dialog.show_printing(round(share * total), total)

        work = LongWork(show_share)
        if one_file:
            target = folder / _ALL_CERTIFICATES
            await work.run(lambda: print_certificates(bundles, target, language, lambda n: work.report(n / total)))
            return

        def print_each() -> None:
            for number, bundle in enumerate(bundles):
                name = bundle.name.removesuffix(".zip").removesuffix(".evidence")
                print_certificates([bundle], folder / safe_file_name(f"{name}.pdf"), language)
                work.report((number + 1) / total)

        await work.run(print_each)

    async def _run(self, scope: Scope, language: CertificateLanguage | None, folder: Path, *, one_file: bool) -> None:
        dialog = self._exporting
        assert dialog is not None
        self._folder = folder
        self._outcomes = []
        dialog.show_working(True)
        try:
            await self._export(scope, language, folder, one_file=one_file)
        except asyncio.CancelledError:
            if self._is_closed or dialog is not self._exporting:
                raise
            text = self.tr("Cancelled; %Ln bundles are finished", "", self._made)
            dialog.show_done(text, has_files=self._made > 0)
            return
        except IpnftError as error:
            dialog.show_done("", has_files=self._made > 0)
            dialog.show_error(error)
            return
        text = self.tr("%Ln bundles written", "", self._made)
        dialog.show_done(text, has_files=self._made > 0)
        if self._made:
            self.written.emit(text, folder)

    @property
    def _made(self) -> int:
        return sum(outcome.bundle is not None for outcome in self._outcomes)

    async def _subjects(self, scope: Scope) -> dict[UUID, str]:
        """Ids with names, in the order of the cards."""
        asset = self._view.panel.asset
        if scope is Scope.CARD:
            return {asset.asset_id: asset.name} if asset is not None else {}
        if scope is Scope.SELECTED:
            return {row.asset_id: row.name for row in self._view.grid.selected_rows}
        found: dict[UUID, str] = {}
        after: PageAnchor | None = None
        while True:
            page = await self._register.page(self._view.query, after)
            found |= {row.asset_id: row.name for row in page.rows}
            after = page.next_anchor
            if after is None:
                return found

    def _scopes(self) -> dict[Scope, int]:
        selected, listed = len(self._view.grid.selected_rows), self._view.model.rowCount()
        return {
            **({Scope.SELECTED: selected} if selected > 1 else {}),
            **({Scope.LISTED: listed} if listed else {}),
            **({Scope.CARD: 1} if self._view.panel.asset is not None else {}),
        }

    def _on_card(self) -> None:
        scopes = self._scopes()
        self.show_export({scope: scopes[scope] for scope in Scope if scope in scopes})

    def _on_several(self) -> None:
        self.show_export(self._scopes())

    def _on_dropped(self, files: list[Path], _place: object) -> None:
        self.verify(files[0])

    def _on_start(self, scope: Scope, language: CertificateLanguage | None, one_file: bool) -> None:
        def begin(folder: Path) -> None:
            if self._exporting is not None and not self.is_working:
                self._tasks.start(self._run(scope, language, folder, one_file=one_file), _EXPORT)

        ask_for_folder(self._exporting or self._view, self.tr("Folder for the evidence"), begin)

    def _on_cancel(self) -> None:
        self._tasks.start(self._tasks.cancel(_EXPORT), "cancel evidence")

    def _on_export_closed(self) -> None:
        if self._exporting is not None:
            self._exporting.deleteLater()
            self._exporting = None

    def _on_verifying_closed(self) -> None:
        if self._verifying is not None:
            self._end_verifying()
            self._verifying.deleteLater()
            self._verifying = None

    def _on_unexpected(self, error: Exception) -> None:
        told = with_code(error)
        if self._exporting is not None:
            self._exporting.show_error(told)
            return
        self.notice.emit(str(told), Tone.ERROR)


def _is_bundle(files: Sequence[Path]) -> bool:
    return len(files) == 1 and files[0].suffix.lower() == ".zip"
