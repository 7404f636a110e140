"""What the pages are called inside the program."""

from __future__ import annotations

REGISTER, ACTIVITY, GALLERY, BATCH, GAS, CHAIN = "register", "activity", "gallery", "batch", "gas", "chain"
ENVIRONMENT, ADMIN, SETTINGS = "environment", "admin", "settings"
