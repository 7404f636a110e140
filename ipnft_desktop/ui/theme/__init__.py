"""The house style: one token table, and everything that turns it into fonts, colours and icons."""
