"""Dagster's face on the pipeline, thin: what depends on what, what a person sees of it, and a call of the step that does the work.

Put here: assets, checks, jobs, the schedule. Keep out: any rule about data; that belongs in the steps, the models and the expectations.
"""
