"""A delivery as it came → typed, pseudonymised rows in the lake, and one entry in the ledger.

What happens to a delivery, in order: `manifest` (is it what it says), `readers` (files → text), `rows` and `checks` (text → typed rows or a
reason), `pseudonym` (identifiers → pseudonyms), `duplicates`, `parse` (all of these for one delivery: files in, files out), `verdict`
(accepted, refused, repeated) and `ledger` (the commit). `ingest` does that for everything that waits; `deliver` makes a delivery of
loose files. Keep out: what a record means beside other deliveries (dbt's work), and Dagster.
"""
