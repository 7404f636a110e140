"""IPNFT Desktop: from a register of intellectual property to NFTs, in one window."""

__version__ = "0.1.0"
