"""What licence terms come to in plain words, in both languages: a reader's aid, never the licence itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ipnft_desktop.domain.assets import LicenceTerms


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence in English and in Chinese."""

    en: str
    zh: str


_TRANSFERABLE = {
    True: Sentence("The holder may pass the token and these rights on.", "持有人可以转让代币及这些权利。"),
    False: Sentence("Token and rights stay with their first holder.", "代币及这些权利不得转让，始终归首位持有人。"),
}
_COMMERCIAL_USE = {
    True: Sentence("It may be used commercially.", "可以用于商业目的。"),
    False: Sentence("It may not be used commercially.", "不得用于商业目的。"),
}
_DERIVATIVES = {
    True: Sentence("It may be changed and built upon.", "可以修改，并可在此基础上再创作。"),
    False: Sentence("It may not be changed or built upon.", "不得修改，也不得在此基础上再创作。"),
}
_ATTRIBUTION = {
    True: Sentence("Whoever uses it names the creator.", "使用者须署创作者姓名。"),
    False: Sentence("The creator need not be named.", "使用者无须署创作者姓名。"),
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Not from the locale: the sentence is English wherever the program runs."""
_NO_SHARE = Sentence("No share of the revenue is owed.", "无须分享收入。")
_SHARE_OF_NOTHING = Sentence(
    "A share of the revenue is owed, but no commercial use is allowed.", "约定了收入分成，却不允许商业使用。"
)
_NO_END = Sentence("The licence has no end.", "许可没有终止日期。")


def licence_summary(terms: LicenceTerms) -> tuple[Sentence, ...]:
    """One sentence a term, in the order of the form."""
    return (
        _TRANSFERABLE[terms.transferable],
        _COMMERCIAL_USE[terms.commercial_use],
        _DERIVATIVES[terms.derivatives],
        _ATTRIBUTION[terms.attribution],
        _share(terms.revenue_share_bp),
        _end(terms.expires_on),
    )


def licence_warnings(terms: LicenceTerms, today: date) -> tuple[Sentence, ...]:
    """What is allowed and yet seldom meant: nobody is stopped, an asset may be entered with its history."""
    found: list[Sentence] = []
    if terms.expires_on is not None and terms.expires_on < today:
        found.append(Sentence("The licence has ended already.", "许可已经到期。"))
    if terms.revenue_share_bp and not terms.commercial_use:
        found.append(_SHARE_OF_NOTHING)
    return tuple(found)


def _share(basis_points: int) -> Sentence:
    if not basis_points:
        return _NO_SHARE
    percent = f"{basis_points / 100:g}"
    return Sentence(f"{percent} % of the revenue is owed to the creator's side.", f"收入的 {percent}% 归权利人一方。")


def _end(day: date | None) -> Sentence:
    if day is None:
        return _NO_END
    return Sentence(
        f"It holds to the end of {day.day} {_MONTHS[day.month - 1]} {day.year}.",
        f"许可至 {day.year} 年 {day.month} 月 {day.day} 日（含当日）为止。",
    )
