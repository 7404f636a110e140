"""What the mints of this register came to: figures, charts over time, and every batch."""
