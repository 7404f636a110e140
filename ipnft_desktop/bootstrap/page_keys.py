"""What the pages are called inside the program."""

from __future__ import annotations

REGISTER, ACTIVITY, GALLERY = "register", "activity", "gallery"
ENVIRONMENT, ADMIN, SETTINGS = "environment", "admin", "settings"
