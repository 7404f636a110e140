"""Phrases of the core, said in the language of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.errors import FieldProblem
from ipnft_desktop.domain.phrases import Phrase
from ipnft_desktop.ui.widgets.measures import number_text


def say(phrase: Phrase) -> str:
    """The phrase in the window's language; its English template is the key of the translation."""
    return QCoreApplication.translate("Phrase", phrase.template).format(
        **{name: _said_value(value) for name, value in phrase.values.items()}
    )


def say_text(text: str) -> str:
    """A sentence that was recorded in English, in the window's language where the catalogue has it."""
    return QCoreApplication.translate("Phrase", text)


def say_problem(problem: FieldProblem) -> str:
    """Why an input was refused, in the window's language; the kind's English sentence is the key."""
    return QCoreApplication.translate("ProblemKind", problem.kind.value).format(limit=problem.limit)


def _said_value(value: str | int | Phrase) -> str:
    if isinstance(value, Phrase):
        return say(value)
    return number_text(value) if isinstance(value, int) else value
