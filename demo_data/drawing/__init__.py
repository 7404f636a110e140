"""The pictures of the demonstration register, each one a function that paints on a `Canvas`."""
