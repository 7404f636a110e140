"""The Calls tab of the Chain page: what people had the program do to contracts, and what became of it."""
