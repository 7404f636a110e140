"""The gallery: every minted asset as a card, and one card in detail beside it."""
