"""Before the mint: the recipient is checked, the cost estimated, the request recorded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtCore import QObject

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.chain import parse_address
from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.minting import MintJob
from ipnft_desktop.services.mint_desk import MintRequest
from ipnft_desktop.ui.mint import wording
from ipnft_desktop.ui.mint.company import Company
from ipnft_desktop.ui.mint.context import MintContext
from ipnft_desktop.ui.mint.subjects import requests_for


class Confirmation(QObject):
    """Works the first face; a request that was recorded goes to `follow`."""

    def __init__(
        self, context: MintContext, company: Company, follow: Callable[[MintJob], Awaitable[None]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._company = company
        self._follow = follow
        self._panel = panel = context.dialog.confirm
        self._left_out = 0
        self._typed = ""
        self._requests: tuple[MintRequest, ...] = ()
        panel.recipient_edited.connect(self._on_recipient_edited)
        panel.destination_changed.connect(self._refresh_recipient)
        panel.estimate_requested.connect(self._refresh_recipient)
        panel.start_requested.connect(lambda: context.run(self._start_environment))
        panel.mint_requested.connect(lambda: context.run(self._mint))
        panel.wait_requested.connect(lambda: context.run(self._let_wait))

    def show(self, assets: Sequence[Asset], left_out: int = 0) -> None:
        """Ask for the go-ahead to mint these; `left_out` of those selected cannot be minted."""
        self._context.job = None
        self._context.set_subjects(assets)
        self._left_out = left_out
        self._release_inputs()
        self._context.dialog.show_face(self._panel)
        if not assets:
            self._panel.show_error(UserError(ErrorCode.MINT_INVALID_STATE), can_start=False)
            return
        self._typed = self._typed or self._context.subjects[0].wallet_address
        self._refresh_recipient()
        self._context.run(self._company.look)

    def show_unexpected(self, error: IpnftError) -> None:
        """Say what went wrong on the way to this face, or on it."""
        self._context.dialog.show_face(self._panel)
        self._release_inputs()
        self._panel.show_error(error, can_start=False)

    def _refresh_recipient(self) -> None:
        """Check what is typed, tell it in the head, and estimate if it can be minted."""
        subjects = self._context.subjects
        is_single = len(subjects) == 1
        to_own = not is_single and self._panel.destination.currentIndex() == 0
        try:
            address = None if to_own else parse_address(self._typed)
        except UserError as error:
            self._requests = ()
            self._panel.show_recipient(self._typed, "", wording.beside_field(error), can_reset=True)
            self._panel.show_estimate(None, len(subjects))
            self._context.show_subject_head("")
            return
        if address is not None:
            self._panel.show_recipient(
                self._typed,
                wording.whose(subjects, address, self._context.services.label_of),
                "",
                can_reset=is_single and address != subjects[0].wallet_address,
            )
        self._requests = requests_for(subjects, address)
        self._context.show_subject_head(address or "")
        self._panel.show_estimate(None, len(subjects))
        self._context.run(self._estimate)

    async def _estimate(self) -> None:
        requests = self._requests
        try:
            estimate = await self._context.desk.estimate(requests)
        except IpnftError as error:
            if requests is self._requests:
                self._panel.show_error(error, can_start=await self._context.needs_start())
            return
        if requests is self._requests:
            self._panel.show_estimate(estimate, len(requests))

    async def _mint(self) -> None:
        self._panel.set_busy(True, self.tr("Recording the request…"))
        try:
            job = await self._context.kept(self._request())
        except IpnftError as error:
            self._release_inputs()
            self._panel.show_error(error, can_start=await self._context.needs_start())
            return
        await self._follow(job)

    async def _request(self) -> MintJob:
        job = await self._context.desk.request(self._requests)
        await self._company.forget()
        return job

    async def _let_wait(self) -> None:
        await self._company.let_wait(self._requests)

    async def _start_environment(self) -> None:
        self._panel.set_busy(True, self.tr("Starting the environment…"))
        try:
            await self._context.start_environment(self._panel.footer.hint.setText)
        except IpnftError as error:
            self._release_inputs()
            self._panel.show_error(error, can_start=True)
            return
        self._release_inputs()
        self._panel.error_panel.clear()
        self._refresh_recipient()

    def _release_inputs(self) -> None:
        self._panel.set_busy(False)
        self._panel.show_subjects(wording.subject_lines(self._context.subjects), self._left_out)

    def _on_recipient_edited(self, text: str) -> None:
        self._typed = text.strip() or self._context.subjects[0].wallet_address
        self._refresh_recipient()
