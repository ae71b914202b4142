"""What people wrote, read without mercy and without a traceback.

`read.py` gives models and problems; PyYAML is known to `yaml.py` alone. `edit.py` changes messages.yaml and
keeps every other byte; `table.py` and `intake.py` know it as a table. Nothing here knows a network,
a store or the clock, and nothing here raises for what stands in a file.
"""
