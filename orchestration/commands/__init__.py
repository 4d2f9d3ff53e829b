"""The commands of `leerplicht`, a module per subject: parse arguments, call a step, print.

Put here: a command, its arguments, and its final message. Keep out: doing the work, and formatting output (the `console*.py` of each step).
Heavy imports are inside the commands, so that `leerplicht --help` is fast.

A user error ends in a one-sentence message: exit code 2 for invalid usage, 1 if the command fails.
"""
