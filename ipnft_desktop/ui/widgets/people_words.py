"""Roles and accounts in the words of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.people import RESERVED_NAMES, Role, User
from ipnft_desktop.ui.widgets.phrases import say_text


def person_name(user: User) -> str:
    """What a person is called; the demonstration user has no name of its own."""
    return say_text(user.display_name) if user.is_demo else user.display_name


def actor_name(name: str) -> str:
    """Who did something, by the name that signs in; the program's own parts by what they are."""
    return say_text(name) if name in RESERVED_NAMES else name


def role_name(role: Role) -> str:
    """What a role is called."""
    translate = QCoreApplication.translate
    return {
        Role.ADMIN: translate("People", "Administrator"),
        Role.OPERATOR: translate("People", "Operator"),
        Role.VIEWER: translate("People", "Viewer"),
    }[role]


def role_meaning(role: Role) -> str:
    """What a role is for, in one sentence."""
    translate = QCoreApplication.translate
    return {
        Role.ADMIN: translate("People", "Everything, for every enterprise: people, chain, keys and backups too."),
        Role.OPERATOR: translate("People", "Registers and mints the assets of the enterprises chosen below."),
        Role.VIEWER: translate("People", "Reads and exports; changes nothing."),
    }[role]
