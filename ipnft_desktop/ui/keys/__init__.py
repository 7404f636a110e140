"""The signing key: its card on the Environment page, and the dialogs that unlock it or make a new one."""
