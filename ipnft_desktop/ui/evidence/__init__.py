"""Evidence bundles in the window: made, and judged."""
