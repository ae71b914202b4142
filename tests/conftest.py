"""What every run says at its head: which real parts it could not bring up."""

from __future__ import annotations

from tests.store.servers import left_out


def pytest_report_header() -> list[str]:
    return [text for text in [left_out()] if text]
