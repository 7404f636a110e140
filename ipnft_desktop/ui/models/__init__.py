"""Item models that know no window."""
