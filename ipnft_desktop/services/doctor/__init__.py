"""Looks at what the program stands on, says what is wrong with it, and mends what can be mended."""
