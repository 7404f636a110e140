"""The Environment page: one click starts everything, each stage seen."""
