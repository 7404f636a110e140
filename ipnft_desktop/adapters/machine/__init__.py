"""The computer and this installation, as the doctor sees them."""
