"""What a node holds, for the inspector, and what contracts speak."""
