"""Workspaces and checkpoints: the menu on the Environment page, and the dialogs behind it."""
