"""What the tabs of the Chain page share."""
