"""One table, measured now, on this machine."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

from bench import crowd, delivering, history, one_post, planning, replicas, start, texts
from bench.measure import Row, table


def main() -> None:
    rows: list[Row] = []
    # what measures memory comes first: a child counts what its parent held when it was begun
    for part in (start, one_post, texts, planning, delivering, replicas, history, crowd):
        for row in part.rows():
            print(f"  {row.what}: {row.ours:.3g} {row.unit}", flush=True)
            rows.append(row)
    libraries = ", ".join(f"{each} {version(each)}" for each in ("tweepy", "Mastodon.py", "APScheduler"))
    print(
        f"\nPython {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}; {libraries}\n"
    )
    print(table(rows))


if __name__ == "__main__":
    main()
