"""One module per gate: which tables it looks at, and what it expects of them.

Each has `tables(...)`, which fetches the frames and pairs them with their expectations. Put here: what must hold of what arrives
(`bronnen`), of the warehouse as a whole (`warehouse`) and of what leaves (`publicatie`). Keep out: relations between the warehouse's
models, which are dbt tests.
"""
