"""What the pages are called inside the program."""

from __future__ import annotations

REGISTER, GALLERY, ENVIRONMENT, ADMIN = "register", "gallery", "environment", "admin"
SETTINGS = "settings"
