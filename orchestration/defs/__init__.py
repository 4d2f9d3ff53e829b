"""The Dagster definitions of the pipeline, a thin layer: dependencies, metadata for the UI, and a call to the step that does the work.

Put here: assets, checks, jobs, the schedule. Keep out: data rules, which belong in the steps, the models and the expectations.
"""
