"""What a contract is: where it came from, its code, and of ours who may do what."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.chain_view import RoleHolder
from ipnft_desktop.domain.inspection.directory import ContractDetail, ContractKind, OwnFacts
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.address_words import LabelOf
from ipnft_desktop.ui.widgets.amounts import eth_text, share_text
from ipnft_desktop.ui.widgets.job_words import DASH
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.measures import listed, number_text, size_text
from ipnft_desktop.ui.widgets.moments import local_time_of
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.scrolling_column import ScrollingColumn
from ipnft_desktop.ui.widgets.text import Text

_MINTS, _PAUSES = 1, 2
"""Bits of the roles."""


class OverviewPart(ScrollingColumn):
    """Facts, and of this register's contract its terms and roles too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.no_code = Text(
            self.tr("No code is at this address: the contract destroyed itself, or there never was one."),
            TextSize.BODY,
            Weight.MEDIUM,
            Ink.WARN,
            wrap=True,
        )
        self.facts = KeyValuePanel()
        self._own_title = Text(self.tr("This register's contract"), TextSize.BODY, Weight.SEMIBOLD)
        self.own_facts = KeyValuePanel()
        self._roles_title = Text(self.tr("Roles"), TextSize.BODY, Weight.SEMIBOLD)
        self.roles = KeyValuePanel()
        self.column.setSpacing(Space.M)
        for part in (self.no_code, self.facts, self._own_title, self.own_facts, self._roles_title, self.roles):
            self.column.addWidget(part)
        self.column.addStretch(1)

    def show_detail(self, detail: ContractDetail, label_of: LabelOf) -> None:
        """Another contract."""
        self.no_code.setVisible(detail.line.kind is ContractKind.NO_CODE)
        self.facts.set_facts(self._facts(detail, label_of))
        own = detail.own
        self.own_facts.set_facts(self._own(own, label_of) if own else ())
        self.roles.set_facts(tuple(self._role(holder, label_of) for holder in own.holders) if own else ())
        for part in (self._own_title, self.own_facts):
            part.setVisible(own is not None)
        for part in (self._roles_title, self.roles):
            part.setVisible(bool(own and own.holders))

    def _facts(self, detail: ContractDetail, label_of: LabelOf) -> tuple[Fact, ...]:
        state, creation = detail.line.state, detail.line.creation
        facts = [Fact(self.tr("Address"), shorten(state.address), state.address, lead=label_of(state.address) or "")]
        if detail.name or detail.symbol:
            facts.append(Fact(self.tr("Name"), detail.name or DASH, note=detail.symbol))
        if state.code_bytes:
            facts.append(Fact(self.tr("Code"), size_text(state.code_bytes)))
            facts.append(Fact(self.tr("Code hash"), shorten(state.code_hash, 10, 8), copy=state.code_hash))
        facts.append(Fact(self.tr("Balance"), eth_text(state.balance_wei)))
        if creation is None:
            facts.append(Fact(self.tr("Created"), self.tr("not among the transactions that were looked through")))
        else:
            block, moment = number_text(creation.block_number), local_time_of(creation.timestamp_s)
            by = label_of(creation.creator) or ""
            facts += [
                Fact(self.tr("Created"), self.tr("block {0}").format(block), note=moment),
                Fact(self.tr("Created by"), shorten(creation.creator), copy=creation.creator, lead=by),
                Fact(self.tr("Created in"), shorten(creation.tx_hash), copy=creation.tx_hash),
            ]
        told = self.tr("{0}: {1} to read, {2} to write").format(
            detail.line.abi_name or self.tr("of a standard"),
            number_text(len(detail.reads)),
            number_text(len(detail.writes)),
        )
        facts.append(Fact(self.tr("ABI"), told if detail.functions else self.tr("not known")))
        return tuple(facts)

    def _own(self, own: OwnFacts, label_of: LabelOf) -> tuple[Fact, ...]:
        terms = own.terms
        receiver, share = terms.default_royalty_receiver, terms.default_royalty_bp
        facts = [
            Fact(self.tr("Instance id"), shorten(own.instance_id, 10, 8), copy=own.instance_id),
            Fact(self.tr("Recorded code"), shorten(own.code_hash, 10, 8), copy=own.code_hash),
            Fact(self.tr("Tokens"), number_text(own.supply), note=self.tr("by the index of events")),
            Fact(self.tr("Paused"), self.tr("yes") if terms.is_paused else self.tr("no")),
        ]
        if terms.admin:
            facts.insert(
                2, Fact(self.tr("Owner"), shorten(terms.admin), copy=terms.admin, lead=label_of(terms.admin) or "")
            )
        if receiver and share is not None:
            label = label_of(receiver) or ""
            facts.append(Fact(self.tr("Default royalty"), share_text(share)))
            facts.append(Fact(self.tr("Royalty goes to"), shorten(receiver), copy=receiver, lead=label))
        return tuple(facts)

    def _role(self, holder: RoleHolder, label_of: LabelOf) -> Fact:
        words = [
            *([self.tr("mints")] if holder.roles & _MINTS else []),
            *([self.tr("pauses")] if holder.roles & _PAUSES else []),
            *([self.tr("asked to become owner")] if holder.handover_asked_s is not None else []),
        ]
        label = label_of(holder.account) or ""
        key = listed(words) or self.tr("role {0}").format(holder.roles)
        return Fact(key, shorten(holder.account), copy=holder.account, lead=label)
