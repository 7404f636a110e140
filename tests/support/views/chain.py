"""The Chain page, filled as a person would meet it, without a core behind it."""

from __future__ import annotations

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.ui.inspector.view import ChainFace, ChainView
from tests.gui.support import chain


def chain_blocks() -> ChainView:
    view = _filled()
    view.blocks.show_blocks([chain.block_line(number, number % 3) for number in range(152, 130, -1)], is_whole=False)
    panel = view.blocks.panel
    panel.show_line(chain.block_line(152, 2))
    lines = [chain.transaction_line(152), chain.transaction_line(152, 1, succeeded=False, method="batchMint")]
    panel.show_detail(chain.block(152, 2), lines)
    return view


def chain_comparison() -> ChainView:
    view = chain_blocks()
    view.blocks.panel.show_difference(chain.difference())
    return view


def chain_transaction() -> ChainView:
    view = _filled()
    lines = [chain.transaction_line(number) for number in range(151, 138, -1)]
    view.transactions.show_transactions(lines, is_whole=False)
    panel = view.transactions.panel
    panel.show_detail(chain.detail(lines[0]))
    panel.show_trace(chain.trace())
    view.show_tab(view.transactions)
    return view


def chain_failed() -> ChainView:
    view = chain_transaction()
    failed = chain.transaction_line(151, succeeded=False)
    view.transactions.show_transactions([failed], is_whole=True)
    panel = view.transactions.panel
    panel.show_detail(chain.detail(failed))
    panel.show_trace(chain.failed_trace())
    panel.parts.show_part(panel.calls)
    return view


def chain_untold() -> ChainView:
    """A node without traces, which then went away."""
    view = chain_transaction()
    view.transactions.panel.show_trace(chain.untold_trace())
    view.transactions.show_error(EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "no answer in time"))
    return view


def chain_sparse() -> ChainView:
    """A chain whose newest blocks are empty."""
    view = _filled()
    view.transactions.show_transactions((), is_whole=False)
    view.transactions.show_reach(11_000, 9_001)
    view.show_tab(view.transactions)
    return view


def chain_further() -> ChainView:
    """Behind two transactions there are empty blocks; the one in focus is gone."""
    view = _filled()
    lines = [chain.transaction_line(number) for number in (15_002, 15_001)]
    view.transactions.show_transactions(lines, is_whole=False)
    view.transactions.show_reach(6_000, 9_001)
    view.transactions.panel.show_line(lines[0])
    view.transactions.panel.show_gone()
    view.show_tab(view.transactions)
    return view


def chain_closed() -> ChainView:
    return ChainView()


def _filled() -> ChainView:
    view = ChainView()
    view.show_face(ChainFace.TABS)
    view.blocks.panel.use_labels(chain.LABELS.get)
    view.transactions.panel.use_labels(chain.LABELS.get)
    return view


CHAIN_PAGES = {
    "chain-blocks": chain_blocks,
    "chain-comparison": chain_comparison,
    "chain-transaction": chain_transaction,
    "chain-failed": chain_failed,
    "chain-untold": chain_untold,
    "chain-sparse": chain_sparse,
    "chain-further": chain_further,
    "chain-closed": chain_closed,
}
