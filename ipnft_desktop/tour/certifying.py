"""The part of the story about certificates: one is suspended on its card, and counts again."""

from __future__ import annotations

from ipnft_desktop.tour.camera import seen
from ipnft_desktop.tour.guide import NOTHING, Guide, Made
from ipnft_desktop.ui.validity.validity_dialog import ValidityDialog
from ipnft_desktop.ui.widgets.buttons import LinkButton

REASONS = ("Opposition pending before the office.", "The opposition was withdrawn.")


class Certifying(Guide):
    """On the card that is open."""

    async def suspend_and_restore(self) -> Made:
        """Each with its reason, until the chain shows it."""
        certificate = self.pages.gallery_view.panel.certificate
        await self._change(certificate.suspend_button, REASONS[0], "certificate-dialog")
        await seen("a suspended certificate", certificate.restore_button.isVisible)
        await self.camera.take("certificate-suspended")
        await self._change(certificate.restore_button, REASONS[1], "certificate-restore")
        await seen("a certificate that counts again", certificate.suspend_button.isVisible)
        return NOTHING

    async def _change(self, button: LinkButton, reason: str, picture: str) -> None:
        await seen("what can be done with the certificate", lambda: button.isVisible() and button.isEnabled())
        dialog = await self.opened(ValidityDialog, button.click)
        dialog.editor.setPlainText(reason)
        await self.camera.take(picture)
        dialog.submit_button.click()
        await seen("the end of the dialog", lambda: self._visible(ValidityDialog) is None)
