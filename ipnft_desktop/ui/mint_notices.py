"""Says how mints ended that nobody watches: many of them in one notice that counts, not one notice each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject, QTimer

from ipnft_desktop.domain.minting import CLOSED_STAGES, MintProgress, MintStage
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.toast import ToastStack

MERGED_MS = 400
"""Ends that follow each other within this time are told together."""


class MintNotices(QObject):
    """Tells in a pile of notices; a count goes on for as long as its notice is in view."""

    def __init__(
        self,
        toasts: ToastStack,
        on_card: Callable[[UUID], object],
        on_gallery: Callable[[], object],
        on_failed: Callable[[], object],
    ) -> None:
        """`on_failed` shows the mints that failed."""
        super().__init__(toasts)
        self._on_failed = on_failed
        self._toasts = toasts
        self._on_card = on_card
        self._on_gallery = on_gallery
        self._counts: Counter[MintStage] = Counter()
        self._untold: set[MintStage] = set()
        self._minted: UUID | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(MERGED_MS)
        self._pause.timeout.connect(self._tell)

    def add(self, progress: MintProgress) -> None:
        """A mint moved on; only its end is told, the first of a burst at once."""
        stage = progress.stage
        if stage not in CLOSED_STAGES:
            return
        if stage is MintStage.COMPLETED and progress.cancel_requested:
            self._show_too_late(progress)
            return
        if stage not in self._untold and not self._toasts.is_shown(stage):
            self._counts[stage] = 0
        self._counts[stage] += len(progress.asset_ids)
        self._untold.add(stage)
        if stage is MintStage.COMPLETED:
            self._minted = progress.asset_ids[0]
        if not self._pause.isActive():
            self._tell()

    def close(self) -> None:
        """Tell nothing any more."""
        self._pause.stop()

    def _tell(self) -> None:
        stages, self._untold = self._untold, set()
        for stage in stages:
            self._show(stage, self._counts[stage])
        if stages:
            self._pause.start()

    def _show_too_late(self, progress: MintProgress) -> None:
        """Told apart from the others: somebody wanted the contrary."""
        asset_id = progress.asset_ids[0]
        self._toasts.show_toast(
            self.tr("The mint was faster than its cancellation; the token exists"),
            Tone.WARN,
            self.tr("Open card"),
            lambda: self._on_card(asset_id),
            str(progress.job_id),
        )

    def _show(self, stage: MintStage, count: int) -> None:
        if stage is MintStage.FAILED:
            text = self.tr("%Ln mints failed", "", count)
            self._toasts.show_toast(text, Tone.ERROR, self.tr("Show"), self._on_failed, stage)
        elif stage is MintStage.CANCELLED:
            text = self.tr("%Ln mints were cancelled; no tokens exist", "", count)
            self._toasts.show_toast(text, Tone.NEUTRAL, key=stage)
        elif count == 1 and (asset_id := self._minted) is not None:
            self._toasts.show_toast(
                self.tr("%Ln assets minted", "", count),
                Tone.OK,
                self.tr("Open card"),
                lambda: self._on_card(asset_id),
                stage,
            )
        else:
            text = self.tr("%Ln assets minted", "", count)
            self._toasts.show_toast(text, Tone.OK, self.tr("Open gallery"), self._on_gallery, stage)
