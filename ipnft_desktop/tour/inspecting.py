"""The part of the tour that looks into the chain: a mint followed from its card down to the slots it changed."""

from __future__ import annotations

from ipnft_desktop.bootstrap.page_keys import CHAIN, GALLERY
from ipnft_desktop.domain.inspection.tracing import Untold
from ipnft_desktop.tour.camera import seen
from ipnft_desktop.tour.guide import NOTHING, Guide, Made


class Inspecting(Guide):
    """Its method is a step of the story."""

    async def follow_a_mint(self) -> Made:
        """From the card in focus to the transaction, its state changes, events and raw data; then to its block."""
        self.window.show_page(GALLERY)
        gallery, chain = self.pages.gallery_view, self.pages.chain_view
        asset_id = await seen("a card in focus", lambda: gallery.panel.asset_id)
        gallery.chain_requested.emit(asset_id)
        panel = chain.transactions.panel

        def owner_of_the_token() -> bool:
            trace = panel.trace
            if trace is None or isinstance(trace.state, Untold):
                return False
            return any(key.asset_id == asset_id for change in trace.state for key in change.keys)

        await seen("the slot of the token's owner", owner_of_the_token)
        panel.parts.show_part(panel.state)
        await self.camera.take("chain-transaction")
        panel.parts.show_part(panel.events)
        panel.parts.show_part(panel.raw)
        await self.camera.take("chain-raw")
        line = panel.line
        assert line is not None
        self.window.show_page(CHAIN)
        chain.show_tab(chain.blocks)
        self.pages.chain.page.blocks.show_block(line.place.block_number)
        block = chain.blocks.panel

        def block_of_the_mint() -> bool:
            is_it = block.line is not None and block.line.number == line.place.block_number
            return is_it and block.transactions.records.count > 0

        await seen("the block of the mint", block_of_the_mint)
        block.compare_button.click()
        await seen("what the block changed", lambda: block.differences.records.count)
        await self.camera.take("chain-block")
        chain.blocks.search.clear()
        return NOTHING
