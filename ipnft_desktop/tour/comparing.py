"""The part of the story that compares: all that was minted is verified at once, then register, chain and content are
reconciled."""

from __future__ import annotations

from ipnft_desktop.bootstrap.page_keys import ADMIN, GALLERY
from ipnft_desktop.tour.camera import StoryStuck, seen
from ipnft_desktop.tour.guide import NOTHING, Guide, Made
from ipnft_desktop.ui.gallery.verify_all_dialog import VerifyAllDialog


class Comparing(Guide):
    """Nothing was tampered with, so nothing may differ."""

    async def verify_all(self) -> Made:
        """Every card of the Gallery page, with a verdict for each."""
        self.window.show_page(GALLERY)
        gallery = self.pages.gallery_view
        dialog = await self.opened(VerifyAllDialog, gallery.verify_all_button.click)
        verifying = self.pages.comparing.gallery
        await seen(
            "a verdict for each",
            lambda: not verifying.is_working and 1 < len(dialog.verdicts) == gallery.model.rowCount(),
        )
        await self.camera.take("verify-all")
        if not all(verdict.is_sound for verdict in dialog.verdicts):
            raise StoryStuck("register, chain and content that agree")
        dialog.close_button.click()
        return NOTHING

    async def reconcile(self) -> Made:
        """On demand, until it says that everything agrees."""
        self.window.show_page(ADMIN)
        tab, comparing = self.pages.comparing.tab, self.pages.comparing
        self.pages.admin_view.show_tab(tab)
        tab.run_button.click()
        await seen("the reconciliation at work", lambda: comparing.is_working)
        await seen("the end of the reconciliation", lambda: not comparing.is_working)
        await self.camera.take("admin-reconcile")
        if tab.findings:
            raise StoryStuck("a reconciliation without findings")
        return NOTHING
