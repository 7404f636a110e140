"""What the pages are called inside the program."""

from __future__ import annotations

REGISTER, ACTIVITY, GALLERY, GAS = "register", "activity", "gallery", "gas"
ENVIRONMENT, ADMIN, SETTINGS = "environment", "admin", "settings"
