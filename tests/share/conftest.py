"""The share page without a server, and the browser's tests only where there is a browser."""

from __future__ import annotations

import os

from tests.web.chromium import PLACE

collect_ignore = [] if os.access(PLACE, os.X_OK) else ["test_browser.py"]
