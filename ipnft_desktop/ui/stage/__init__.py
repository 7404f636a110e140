"""The stage: scenes in large type, the presenter's notes beside them."""
