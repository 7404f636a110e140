"""The controls of a chain of our own: a card on the Environment page."""
