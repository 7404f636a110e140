"""The part of the tour that asks the chain: its events, its contract, and who holds what."""

from __future__ import annotations

from ipnft_desktop.bootstrap.page_keys import CHAIN
from ipnft_desktop.tour.camera import seen
from ipnft_desktop.tour.guide import NOTHING, Guide, Made


class KnownOnChain(Guide):
    """Its methods are steps of the story."""

    async def events(self) -> Made:
        """What the contract told of the mints."""
        self.window.show_page(CHAIN)
        tab = self.pages.chain.tabs.views.events
        self.pages.chain_view.show_tab(tab)
        await seen("events of the chain", tab.table.paged.rowCount)
        await seen("an event in words", lambda: tab.panel.arguments.facts)
        await self.camera.take("chain-events")
        return NOTHING

    async def contract(self) -> Made:
        """What the contract is, and what it answers."""
        tab = self.pages.chain.tabs.views.contracts
        self.pages.chain_view.show_tab(tab)
        await seen("the contract", lambda: tab.panel.overview.own_facts.facts)
        await self.camera.take("chain-contract")
        part = tab.panel.read
        tab.panel.show_part(part)
        part.form.choose("symbol")
        part.read_button.click()
        await seen("what it answers", lambda: part.answers.facts)
        await self.camera.take("chain-contract-read")
        tab.panel.show_part(tab.panel.overview)
        return NOTHING

    async def calls(self) -> Made:
        """What the program asked of the node."""
        tab = self.pages.chain.tabs.views.calls
        self.pages.chain_view.show_tab(tab)
        await seen("recorded calls", tab.table.paged.rowCount)
        await self.camera.take("chain-calls")
        return NOTHING

    async def account(self) -> Made:
        """Who holds the tokens."""
        tab = self.pages.chain.tabs.views.accounts
        self.pages.chain_view.show_tab(tab)
        await seen("accounts", lambda: tab.table.records.count)
        holder = next(line for line in tab.table.records.records if line.token_count)
        tab.table.select(holder.address)
        await seen("its tokens", tab.panel.tokens.paged.rowCount)
        await self.camera.take("chain-account")
        return NOTHING
