"""Joins to the window what people do to the chain: certificates on the NFT card, the controls of a chain of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.local_chain.card import LocalChainCard
from ipnft_desktop.ui.local_chain.presenter import LocalChainPresenter
from ipnft_desktop.ui.validity.commands import add_certificate_commands
from ipnft_desktop.ui.validity.presenter import CertificatePresenter
from ipnft_desktop.ui.widgets.toast import ToastStack

if TYPE_CHECKING:
    from ipnft_desktop.ui.environment.view import EnvironmentView
    from ipnft_desktop.ui.gallery.card_panel import CardPanel
    from ipnft_desktop.ui.register.view import RegisterView


class ChainWorkInWindow:
    """The presenters, and the card on the Environment page where the chain is our own."""

    def __init__(
        self,
        core: Core,
        environment: EnvironmentView,
        register: RegisterView,
        card: CardPanel,
        events: AppEvents,
        access: Access,
        toasts: ToastStack,
    ) -> None:
        self.certificates = CertificatePresenter(
            card.certificate, core.certificates, events, lambda: card.asset.name if card.asset else ""
        )
        card.asset_shown.connect(self.certificates.show_asset)
        self.certificates.changed.connect(card.verify_requested)
        self.certificates.notice.connect(toasts.show_toast)
        add_certificate_commands(register, self.certificates, access)
        for button in card.certificate.buttons:
            access.guard(button, Permission.CHANGE_VALIDITY, button.refuse)
        self.local_chain: LocalChainPresenter | None = None
        if core.local_chain.is_offered:
            controls = LocalChainCard()
            environment.add_card(controls)
            self.local_chain = LocalChainPresenter(controls, core.local_chain, events)
            self.local_chain.notice.connect(toasts.show_toast)
            access.guard(controls, Permission.MANAGE_CHAIN, controls.refuse)

    @property
    def is_working(self) -> bool:
        """Whether a change of validity, or something done to the chain, is under way."""
        return self.certificates.is_working or (self.local_chain is not None and self.local_chain.is_working)

    async def close(self) -> None:
        """End what is under way; what was sent goes on."""
        parts = [self.certificates, *([self.local_chain] if self.local_chain else [])]
        for part in parts:
            await part.close()
