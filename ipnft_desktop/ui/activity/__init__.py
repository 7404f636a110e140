"""The Activity page: every mint and batch, live."""
