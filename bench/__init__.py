"""What the bot costs, as ratios against what a user would pick instead, measured side by side in one run.

`python -m bench` (or `make bench`) prints one table. Nothing here is a test: a busy machine fails nobody.
"""
