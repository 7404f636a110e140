"""Measures what a person feels of the program: speed, a window that never stutters, memory.

`python3 start.py bench` runs it. Everything happens on loopback in temporary profiles; nothing of it is left behind.
"""
