"""Ingestion: a delivery in landing → typed, pseudonymised rows in the lake and one entry in the ledger.

The steps, in order: `manifest` (compare the folder with its manifest), `readers` (files → text), `rows` and `checks` (text → typed rows or
a reason code), `pseudonym`, `duplicates`, `parse` (all of these for one delivery), `verdict` (accept, refuse or recognise a repeat),
`stored` (its rows in the lake) and `ledger` (commit). `ingest` runs them for every new delivery; `deliver` makes a delivery of loose
files. Keep out: rules that need other deliveries (dbt), and Dagster.
"""
