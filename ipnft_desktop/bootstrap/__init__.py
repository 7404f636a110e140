"""Builds the parts and joins them: `window` what must be on screen at once, `core` everything behind it."""
