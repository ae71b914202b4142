"""A store that is closed lets what is under way come to its end, and leaves no connection behind."""

from __future__ import annotations

import threading
import time

from bot.store import open_store
from tests.store.given import NOON, added


def test_what_is_under_way_is_waited_for(new_url: str) -> None:
    store = open_store(new_url)
    added(store)
    reading, read = threading.Event(), list[int]()

    def look() -> None:
        with store._read() as connection:
            reading.set()
            time.sleep(0.3)
            read.append(connection.exec_driver_sql("SELECT count(*) FROM deliveries").scalar_one())

    looking = threading.Thread(target=look)
    looking.start()
    assert reading.wait(5)
    store.close()
    assert read == [1]
    looking.join()


def test_a_store_that_nobody_uses_closes_at_once(new_url: str) -> None:
    store = open_store(new_url)
    assert store.due(NOON) == []
    began = time.monotonic()
    store.close()
    assert time.monotonic() - began < 1
