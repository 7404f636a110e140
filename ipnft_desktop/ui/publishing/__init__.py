"""What of the register is on an IPFS node: a card on the Environment page, a list on each NFT card."""
