"""The part of the tour that measures: an experiment of the gas laboratory, and what it shows."""

from __future__ import annotations

from ipnft_desktop.bootstrap.page_keys import GAS
from ipnft_desktop.tour.camera import seen
from ipnft_desktop.tour.guide import NOTHING, Guide, Made
from ipnft_desktop.ui.gas.result_panel import Part

_SIZES = "1, 5, 10, 20, 30, 50, 100"


class Measuring(Guide):
    """Its methods are steps of the story."""

    async def measure_gas(self) -> Made:
        """Before the first experiment, and every view of its result."""
        self.window.show_page(GAS)
        tab = self.pages.gas_view.laboratory
        tab.form.sizes.setText(_SIZES)
        await self.camera.take("gas-before")
        tab.panel.empty.button.click()
        await seen("an experiment under way", lambda: tab.form.is_running)
        result = await seen("what was measured", lambda: tab.panel.result)
        await seen("the end of the experiment", lambda: not tab.form.is_running)
        assert result.recommended is not None
        await seen("the curves", lambda: tab.panel.savings.plot)
        for part in Part:
            tab.panel.show_part_of_result(part)
            await self.camera.take(f"gas-{part.name.lower()}")
        tab.panel.show_part_of_result(Part.SAVINGS)
        return NOTHING
