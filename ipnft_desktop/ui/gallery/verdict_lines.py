"""Verdicts as lines of a table. What a line says is made once, aside from the event loop: there are thousands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.services.bulk_verification import AssetVerdict
from ipnft_desktop.services.verified_facts import VerifiedFact, VerifiedField, Witness
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Space, Tone
from ipnft_desktop.ui.validity.wording import validity_word
from ipnft_desktop.ui.widgets.cause_words import cause_name, cause_sentence
from ipnft_desktop.ui.widgets.error_words import joined
from ipnft_desktop.ui.widgets.measures import listed

_AGREES, _DIFFERS, _NOTHING = "✓", "✗", "–"
_FIELDS = (
    (VerifiedField.OWNER,),
    (VerifiedField.TOKEN_ID, VerifiedField.TOKEN_URI),
    (VerifiedField.VALIDITY,),
    (VerifiedField.BLOCK, VerifiedField.TRANSACTION, VerifiedField.GAS_USED),
    (VerifiedField.METADATA,),
    (VerifiedField.ATTACHMENT,),
)
"""What stands in one column together."""


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """A verdict and what its cells say."""

    verdict: AssetVerdict
    is_sound: bool
    why: str
    marks: tuple[str, ...]
    """One for each column of `_FIELDS`."""
    sought: str

    @property
    def asset_id(self) -> UUID:
        """Tells the lines apart."""
        return self.verdict.asset_id


def lines_of(verdicts: Iterable[AssetVerdict]) -> list[VerdictLine]:
    """Made in a thread where there are many."""
    return [_line(verdict) for verdict in verdicts]


def verdict_columns() -> tuple[RecordColumn[VerdictLine], ...]:
    """The verdict first: with it in order the red ones are."""
    agrees, differs = _tr("AGREES"), _tr("DIFFERS")
    titles = (_tr("Owner"), _tr("Token"), _tr("Validity"), _tr("Mined"), _tr("Metadata"), _tr("Files"))
    return (
        RecordColumn(
            _tr("Verdict"),
            lambda line: agrees if line.is_sound else differs,
            ColumnWidth.M,
            lambda line: line.is_sound,
            tone=lambda line: Tone.OK if line.is_sound else Tone.ERROR,
        ),
        RecordColumn(_tr("NFT"), lambda line: line.verdict.name, ColumnWidth.L, hover=lambda line: line.verdict.name),
        RecordColumn(_tr("Why"), lambda line: line.why, hover=_reasons),
        *(
            RecordColumn(title, _mark(at), ColumnWidth.S + Space.M, _mark(at), hover=partial(_side_by_side, fields))
            for at, (title, fields) in enumerate(zip(titles, _FIELDS, strict=True))
        ),
    )


def _line(verdict: AssetVerdict) -> VerdictLine:
    causes = verdict.causes
    why = listed(map(cause_name, causes))
    asset_id = verdict.asset_id
    return VerdictLine(
        verdict,
        verdict.is_sound,
        why,
        tuple(_mark_of(verdict, fields) for fields in _FIELDS),
        f"{verdict.name} {why} {' '.join(causes)} {asset_id.hex} {asset_id}".casefold(),
    )


def _mark(at: int) -> Callable[[VerdictLine], str]:
    return lambda line: line.marks[at]


def _mark_of(verdict: AssetVerdict, fields: Sequence[VerifiedField]) -> str:
    agreed = verdict.agrees(*fields)
    return _NOTHING if agreed is None else _AGREES if agreed else _DIFFERS


def _reasons(line: VerdictLine) -> str:
    return "\n".join(map(cause_sentence, line.verdict.causes))


def _side_by_side(fields: Sequence[VerifiedField], line: VerdictLine) -> str:
    """What register and chain, or content, say; and where they differ why."""
    return "\n".join(map(_told, (fact for fact in line.verdict.facts if fact.field in fields)))


def _told(fact: VerifiedFact) -> str:
    words = (
        _tr("{0}: register {1}, chain {2}")
        if fact.witness is Witness.CHAIN
        else _tr("{0}: register {1}, content store {2}")
    )
    told = words.format(
        fact.subject or _field_name(fact.field), _value(fact, fact.register), _value(fact, fact.witnessed)
    )
    return joined(told, cause_sentence(fact.cause)) if fact.cause else told


def _value(fact: VerifiedFact, value: str) -> str:
    return validity_word(value)[0] if fact.field is VerifiedField.VALIDITY else value


def _field_name(field: VerifiedField) -> str:
    return {
        VerifiedField.OWNER: _tr("Owner"),
        VerifiedField.TOKEN_ID: _tr("Token id"),
        VerifiedField.TOKEN_URI: _tr("Token URI"),
        VerifiedField.VALIDITY: _tr("Validity"),
        VerifiedField.BLOCK: _tr("Block"),
        VerifiedField.TRANSACTION: _tr("Transaction"),
        VerifiedField.GAS_USED: _tr("Gas used"),
        VerifiedField.METADATA: _tr("Metadata"),
        VerifiedField.ATTACHMENT: _tr("File"),
    }[field]


def _tr(text: str) -> str:
    return QCoreApplication.translate("VerdictLines", text)
