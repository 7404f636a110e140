"""Which button takes which permission, for the pages that were not built around it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ipnft_desktop.domain.people import Permission
from ipnft_desktop.ui.access import Access

if TYPE_CHECKING:
    from ipnft_desktop.ui.activity.view import ActivityView
    from ipnft_desktop.ui.batch.view import BatchView
    from ipnft_desktop.ui.environment.view import EnvironmentView
    from ipnft_desktop.ui.keys.key_card import KeyCard
    from ipnft_desktop.ui.publishing.kubo_card import KuboCard
    from ipnft_desktop.ui.publishing.publication_panel import PublicationPanel
    from ipnft_desktop.ui.register.view import RegisterView


def guard_register(view: RegisterView, access: Access) -> None:
    """Making, changing and minting assets. The lines of the menus follow the buttons: Import follows New asset."""
    panel = view.panel
    for button in (view.new_button, view.faces.empty.button, view.deleted_button):
        access.guard(button, Permission.EDIT_ASSETS, button.refuse)
    access.guard(panel, Permission.EDIT_ASSETS, panel.refuse_duplicate)
    for button, permission in (
        (panel.edit_button, Permission.EDIT_ASSETS),
        (panel.mint_button, Permission.MINT),
        (panel.cancel_button, Permission.MINT),
        (panel.retry_button, Permission.MINT),
    ):
        access.guard(button, permission, button.refuse, panel.owners, panel.asset_shown)
    chosen = (panel.asset_shown, view.table.selection_changed)
    access.guard(view.mint_button, Permission.MINT, view.mint_button.refuse, view.owners_of_chosen, *chosen)
    view.refuse_edits_by(partial(access.refusal, Permission.EDIT_ASSETS))
    access.guard(panel.reset_button, Permission.RESET_MINTS, panel.reset_button.refuse)


def guard_activity(view: ActivityView, access: Access) -> None:
    """Deciding about mints, one or all that failed; what may be retried is counted for the person already."""
    panel = view.panel
    for button in (panel.retry_button, panel.cancel_button):
        access.guard(button, Permission.MINT, button.refuse, panel.owners, panel.job_shown)
    access.guard(view.retry_all_button, Permission.MINT, view.retry_all_button.refuse)


def guard_batch(view: BatchView, access: Access) -> None:
    """Whoever may not mint ticks nothing; what is somebody else's is left out of the plan by name."""
    access.guard(view, Permission.MINT, view.refuse_ticks)
    for button in (view.result.retry_button, view.result.cancel_button):
        access.guard(button, Permission.MINT, button.refuse)


def guard_environment(view: EnvironmentView, access: Access) -> None:
    """The ways out of a lost chain, and backups. Starting is everybody's."""
    for button in (view.new_chain_button, view.node_card.crash_button):
        access.guard(button, Permission.MANAGE_CHAIN, button.refuse)
    card = view.backups_card
    access.guard(card, Permission.BACK_UP, card.backup_button.refuse)
    access.guard(card, Permission.RESTORE_REGISTER, card.refuse_restore)


def guard_publishing(card: KuboCard, panel: PublicationPanel, access: Access) -> None:
    """What reaches the IPFS node, and which node that is. Looking and exporting are everybody's who
    is signed in."""
    for button in (
        card.set_button,
        card.publish_button,
        card.check_button,
        panel.publish_button,
        panel.check_button,
    ):
        access.guard(button, Permission.PUBLISH, button.refuse)


def guard_key(card: KeyCard, access: Access) -> None:
    """Another key is the administrator's; unlocking the one there is belongs to minting."""
    access.guard(card, Permission.MANAGE_KEYS, card.more_button.refuse)
    access.guard(card, Permission.MINT, card.unlock_button.refuse)
