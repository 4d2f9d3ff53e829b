"""Turns a finished warehouse into a published release: tables, reconciliation, hashes, the `current` pointer, and the summary on screen.

Put here: the format of a published file, and how it is moved into place. Keep out: computing a figure (the models do that) and validating
one (the gates do that).
"""
