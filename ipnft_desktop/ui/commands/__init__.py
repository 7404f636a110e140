"""Everything the program can do as one kind of object, which feeds keys, menus, tool tips, palette and key sheet."""
