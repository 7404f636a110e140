"""The Register page: find, look at, create, change and mint assets."""
