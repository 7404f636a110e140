"""Errors in the language of the window: the catalogue's sentence and advice, and what happened this time."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.errors import ErrorCode, IpnftError
from ipnft_desktop.domain.phrases import Phrase
from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.widgets.phrases import say, say_text


def error_sentence(error: IpnftError) -> str:
    """What the code means."""
    return error.entry.message_zh if _in_chinese() else error.entry.message_en


def error_advice(error: IpnftError) -> tuple[str, ...]:
    """What to do next."""
    return error.entry.solutions_zh if _in_chinese() else error.entry.solutions_en


def error_detail(error: IpnftError) -> str:
    """What happened this time; the words of a node or of the system stay as they came."""
    return say(error.reason) if isinstance(error.reason, Phrase) else recorded_line(error.reason)


def error_line(error: IpnftError) -> str:
    """Sentence and detail in one line."""
    return joined(error_sentence(error), error_detail(error))


def recorded_line(text: str) -> str:
    """The same of a failure that was recorded as `CODE: detail`; of any other text what the catalogue has for it."""
    code, _, detail = text.partition(": ")
    return error_line(IpnftError(ErrorCode(code), detail)) if code in ErrorCode.__members__ else say_text(text)


def joined(*sentences: str) -> str:
    """Sentences one after the other, without a gap where one is empty."""
    told = ""
    for sentence in filter(None, sentences):
        told = QCoreApplication.translate("Sentences", "{0} {1}").format(told, sentence) if told else sentence
    return told


def _in_chinese() -> bool:
    return language().current is Language.ZH
