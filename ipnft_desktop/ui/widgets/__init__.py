"""Reusable parts of the window. Pages compose them and set no colour, font or pixel of their own."""
