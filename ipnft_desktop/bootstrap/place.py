"""Where a person is in the window, so that pages made anew can bring them back there."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from ipnft_desktop.bootstrap.pages import Pages
from ipnft_desktop.domain.assets import AssetQuery, AssetRow
from ipnft_desktop.domain.mint_activity import JobQuery
from ipnft_desktop.ui.batch.presenter import BatchPlace
from ipnft_desktop.ui.figures.period_bar import Period
from ipnft_desktop.ui.gas.laboratory_tab import LaboratoryPlace
from ipnft_desktop.ui.settings.presenter import Undo
from ipnft_desktop.ui.stage.presenter import StagePlace


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person was: what the pages made anew show again."""

    query: AssetQuery
    asset_id: UUID | None
    jobs: JobQuery
    cards: AssetQuery
    card_id: UUID | None
    batch: BatchPlace | None
    """None where nothing could be ticked yet."""
    gas_tab: int
    figures: Period
    laboratory: LaboratoryPlace
    chain_tab: int
    admin_tab: int
    stage: StagePlace | None
    mints: tuple[tuple[AssetRow, ...], ...]
    undos: tuple[Undo, ...]
    """Of settings, which may have brought the other language."""


def place_in(pages: Pages) -> Place:
    """Where the person is."""
    return Place(
        pages.register_view.query,
        pages.register_view.panel.asset_id,
        pages.activity_view.query,
        pages.gallery_view.query,
        pages.gallery_view.panel.asset_id,
        pages.batch.page.place if pages.core is not None else None,
        pages.gas_view.bar.currentIndex(),
        pages.figures_tab.period,
        pages.gas_view.laboratory.place,
        pages.chain_view.bar.currentIndex(),
        pages.admin_view.bar.currentIndex(),
        pages.stage.place if pages.core is not None else None,
        pages.mint.shown if pages.core is not None else (),
        pages.settings.undos if pages.core is not None else (),
    )


def go_to(place: Place, pages: Pages) -> None:
    """Bring the person back to where they were, as far as it is still there; call it before the lists are here."""
    pages.register_view.apply_query(place.query)
    pages.activity_view.apply_query(place.jobs)
    pages.gallery_view.apply_query(place.cards)
    if place.batch is not None:
        pages.batch_view.apply_query(place.batch.query)
    pages.gas_view.laboratory.go_to(place.laboratory)
    pages.gas_view.bar.setCurrentIndex(place.gas_tab)
    pages.figures_tab.show_period(place.figures)
    pages.chain_view.bar.setCurrentIndex(place.chain_tab)
    if pages.core is None:
        return
    pages.admin_view.bar.setCurrentIndex(place.admin_tab)
    for undo in place.undos:
        pages.settings.offer(undo)
    if pages.core.session.user is None:
        return
    if place.stage is not None:
        pages.stage.go_to(place.stage)
    if place.asset_id is not None:
        pages.register.show_first(place.asset_id)
    if place.card_id is not None:
        pages.gallery.show_card(place.card_id)
    if place.batch is not None:
        pages.batch.page.go_to(place.batch)
    for rows in place.mints:
        pages.mint.open_for(rows, pages.window)
