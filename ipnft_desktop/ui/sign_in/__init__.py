"""Who is at this window: the dialogs that sign in, make the first administrator and change a password."""
