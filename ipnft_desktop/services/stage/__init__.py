"""Plays scenes on the real program: what each step does, the faults it can meet, and the state of the show."""
