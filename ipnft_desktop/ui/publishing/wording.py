"""Words for where content is."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.publications import PublicationCounts, PublicationState, PublicRoot, RootKind
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.measures import number_text

translate = QCoreApplication.translate


def state_word(state: PublicationState) -> tuple[str, Tone]:
    """The state in a word, and its tone."""
    return {
        PublicationState.LOCAL: (translate("Publications", "Only here"), Tone.NEUTRAL),
        PublicationState.WAITING: (translate("Publications", "Waiting"), Tone.WARN),
        PublicationState.PUBLISHED: (translate("Publications", "Published"), Tone.OK),
        PublicationState.MISSING: (translate("Publications", "Missing"), Tone.ERROR),
    }[state]


def root_name(root: PublicRoot) -> str:
    """What stands at an address."""
    if root.kind is RootKind.METADATA:
        return translate("Publications", "Metadata")
    return root.name or translate("Publications", "File")


def counts_text(counts: PublicationCounts) -> str:
    """`12 published · 3 waiting · 1 missing · 40 only here`; what there is none of is left out."""
    parts = (
        (counts.published, translate("Publications", "{0} published")),
        (counts.waiting, translate("Publications", "{0} waiting")),
        (counts.missing, translate("Publications", "{0} missing")),
        (counts.local, translate("Publications", "{0} only here")),
    )
    told = [text.format(number_text(count)) for count, text in parts if count]
    return " · ".join(told) or translate("Publications", "Nothing is minted yet")
