"""What the pages are called inside the program."""

from __future__ import annotations

REGISTER, ACTIVITY, GALLERY, BATCH, GAS, CHAIN = "register", "activity", "gallery", "batch", "gas", "chain"
STAGE, ENVIRONMENT, ADMIN, SETTINGS = "stage", "environment", "admin", "settings"
