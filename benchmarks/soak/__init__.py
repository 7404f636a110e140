"""Mints without end while the node, the program and their connection fail at random; then the node itself is asked
whether every asset was minted exactly once.

`python3 start.py soak` runs it. Everything happens on loopback in a temporary profile; nothing of it is left behind.

    driver (this process)                    worker (a process of its own, killed at random)
      the node, a real one, killed at random   the real core without a window: requests, cancels
      a connection that loses answers     <--  every JSON-RPC request of the core
      what was asked for                  <--  assets created, requested (one line each, once it is on record)
"""
