"""The validity of certificates in the window: history, changes with their reasons, state at a past block."""
