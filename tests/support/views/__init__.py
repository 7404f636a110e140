"""Every dialog and every page of the window, made with the same sample data each time: for tests that walk all of them
(names, keys, pictures, memory)."""
