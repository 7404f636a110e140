"""`ipnft playground`: every reusable widget in each of its states, without a register, a core or a page.

For those who make the window: its own words are English only, what it shows speaks the language that is chosen.
"""
