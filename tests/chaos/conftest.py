"""Replicas need a PostgreSQL; the head of a run says where there is none."""

from __future__ import annotations

from chaos.postgresql import INSTALLED

collect_ignore = [] if INSTALLED else ["test_replicas.py"]
