"""Events of the chain as a list, one of them in full."""
