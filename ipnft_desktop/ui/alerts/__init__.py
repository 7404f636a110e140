"""Alerts in the window: the bell's count, notices, and the panel that tells what to do."""
