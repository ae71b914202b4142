"""A browser as people use it: pages are found by what stands on them. Playwright drives Debian's Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.chromium import DESKTOP, PLACE
from tests.web.visitor import PASSWORD


@contextmanager
def browsing() -> Iterator[Browser]:
    """Without a sandbox, which Chromium refuses to root."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=str(PLACE), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def window(
    browser: Browser, url: str, size: tuple[int, int] = DESKTOP, scheme: str = "light", scale: float = 1
) -> Iterator[Page]:
    """A window of its own, at a site; what its console complains of fails the test."""
    width, height = size
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        locale="en-US",
    )
    page, complaints = context.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.set_default_timeout(10_000)
    yield page
    context.close()
    left = [each for each in complaints if "status of 4" not in each]
    assert left == []


def sign_in(page: Page, name: str = "ana") -> None:
    page.goto("/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=f"Sign out {name}").wait_for()
