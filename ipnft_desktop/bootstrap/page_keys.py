"""What the pages are called inside the program."""

from __future__ import annotations

REGISTER, ACTIVITY, GALLERY, BATCH, GAS = "register", "activity", "gallery", "batch", "gas"
ENVIRONMENT, ADMIN, SETTINGS = "environment", "admin", "settings"
