"""The window's languages: what the sources say, the catalogues that translate it, and what is wrong between the two.

Qt's own lupdate is not used: it does not see what stands in an f-string, behind a helper of a module, or in a phrase of
the core, and takes no plural of `translate` (docs/decisions/0034).
"""
