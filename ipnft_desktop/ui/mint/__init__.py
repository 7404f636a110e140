"""The mint dialog: confirm, watch four stages, read the outcome."""
