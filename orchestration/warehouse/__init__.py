"""The lake → the warehouse: a DuckDB file built beside the old one by dbt, and swapped in when the gate let it through.

`sources` shows dbt the accepted rows, `build` runs dbt in this process, `swap` puts the finished file where analysts open it. Put here: how
the file is made. Keep out: what is in it (`dbt_project/`) and Dagster.
"""
