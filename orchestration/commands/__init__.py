"""The commands of `leerplicht`, a module per subject: parse, call a step, print.

Put here: a command, what it takes, and the sentence that it ends with. Keep out: doing the work, and laying out what is printed (the
`console*.py` of each step). Heavy imports stand inside the commands, so that `leerplicht --help` answers at once.

What the person who types did wrong ends in one sentence: exit code 2 when the command cannot be understood, 1 when it cannot be done.
"""
