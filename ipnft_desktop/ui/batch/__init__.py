"""The Batch page: assets are ticked, planned together, minted, and followed to what came of each."""
