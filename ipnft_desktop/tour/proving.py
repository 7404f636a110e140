"""The part of the tour that proves: the evidence of the minted asset is written, and judged as anybody would."""

from __future__ import annotations

import asyncio

from PySide6.QtWidgets import QFileDialog

from ipnft_desktop.tour.camera import StoryStuck, seen
from ipnft_desktop.tour.guide import NOTHING, Guide, Made
from ipnft_desktop.ui.evidence.export_dialog import ExportEvidenceDialog
from ipnft_desktop.ui.evidence.verify_dialog import VerifyDialog


class Proving(Guide):
    """Its method is a step of the story."""

    async def evidence(self) -> Made:
        """A bundle and a certificate of the card that is open; then the bundle's verdict, the chain asked too."""
        folder = self.core.profile / "evidence"
        await asyncio.to_thread(folder.mkdir)
        exporting = await self.opened(ExportEvidenceDialog, self.pages.gallery_view.panel.evidence_button.click)
        exporting.certificate.setCurrentIndex(exporting.certificate.count() - 1)
        exporting.start_button.click()
        chooser = await seen("the question for a folder", lambda: exporting.findChild(QFileDialog))
        chooser.fileSelected.emit(str(folder))
        chooser.close()
        await seen("the end of the export", exporting.folder_button.isVisible)
        await self.camera.take("evidence")
        exporting.close_button.click()
        files = await asyncio.to_thread(sorted, folder.iterdir())
        if sorted(file.suffix for file in files) != [".pdf", ".zip"]:
            raise StoryStuck("a bundle and a certificate")
        bundle = next(file for file in files if file.suffix == ".zip")
        presenter = self.pages.evidence.presenter
        assert presenter is not None
        verifying = await self.opened(VerifyDialog, lambda: presenter.verify(bundle, asks_chain=True))
        # A demonstration, for the key of the tour is published.
        await seen("every part of the bundle", lambda: verifying.report is not None and verifying.report.holds)
        await self.camera.take("evidence-verified")
        verifying.close_button.click()
        return NOTHING
