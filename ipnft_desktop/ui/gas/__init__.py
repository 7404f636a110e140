"""The Gas page: what mints cost, measured in the laboratory."""
