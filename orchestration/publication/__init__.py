"""From a finished warehouse to a release that readers see: tables, reconciliation, hashes, the pointer, and the summary on screen.

Put here: what a published file looks like and how it gets in place. Keep out: computing a figure (the models do that) and judging one
(the gates do that).
"""
