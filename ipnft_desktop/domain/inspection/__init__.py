"""What an inspector of the chain is shown: blocks, transactions, what they did, and what is known of contracts."""
