"""Kills the running bot a thousand times and counts what it did twice or not at all.

The real bot, with its real database and client libraries, posts to the sandbox's servers, which answer
slowly, wrongly and not at all; it is ended with SIGKILL at random moments and started again. What it
remembers is then held against what the servers published. The same is done with three naive ways to
record a post, which must be caught: a check that cannot fail is worth nothing. No test hook is in the
bot: whatever is changed of it is wrapped around it here.
"""
