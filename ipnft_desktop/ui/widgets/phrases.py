"""Phrases of the core, said in the language of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.errors import FieldProblem
from ipnft_desktop.domain.phrases import Phrase


def say(phrase: Phrase) -> str:
    """The phrase in the window's language; its English template is the key of the translation."""
    return QCoreApplication.translate("Phrase", phrase.template).format(**phrase.values)


def say_problem(problem: FieldProblem) -> str:
    """Why an input was refused, in the window's language; the kind's English sentence is the key."""
    return QCoreApplication.translate("ProblemKind", problem.kind.value).format(limit=problem.limit)
