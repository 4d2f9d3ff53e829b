"""Persons in the lake: what is held of one, erasing one, how long each is kept, and renewing the key; and a backup of all of it.

Put here: what crosses the steps, and is about persons or about the lake as a whole. Keep out: Dagster, printing, and reading deliveries.
"""
