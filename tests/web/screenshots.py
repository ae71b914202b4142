"""`make screenshots`: every page, light and dark, on a phone and on a desktop, into build/screenshots, to be
looked at; and the two that the README shows, into docs/.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.web.browsing import browsing, sign_in, window
from tests.web.chromium import DESKTOP, PHONE
from tests.web.lived import PAGES, lived

TOP = Path(__file__).parents[2]
PLACE, DOCS = TOP / "build" / "screenshots", TOP / "docs"
DEVICES = {"desktop": DESKTOP, "phone": PHONE}
SHOWN = {"now": (1200, 900), "message": (1200, 1000)}
"""What the README shows, and how much of it."""
COLOURS = 128


def main() -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, lived(Path(folder)) as server, browsing() as browser:
        for device, size in DEVICES.items():
            for scheme in ("light", "dark"):
                with window(browser, server.url, size, scheme) as page:
                    sign_in(page)
                    _every_page(page, f"{device}-{scheme}")
        for name, size in SHOWN.items():
            _for_the_readme(browser, server.url, name, size)
    print(f"{len(PAGES) * 4} pictures in {PLACE.relative_to(TOP)}, {len(SHOWN)} in {DOCS.relative_to(TOP)}")


def _every_page(page: Page, kind: str) -> None:
    for name, path in PAGES.items():
        page.goto(path)
        page.screenshot(path=PLACE / f"{name}-{kind}.png", full_page=True)


def _for_the_readme(browser: Browser, url: str, name: str, size: tuple[int, int]) -> None:
    """In few colours: they are looked at on a page, and kept in the repository."""
    file = DOCS / f"{name}.png"
    with window(browser, url, size) as page:
        sign_in(page)
        page.goto(PAGES[name])
        page.screenshot(path=file)
    with Image.open(file) as picture:
        picture.quantize(COLOURS).save(file, optimize=True)


if __name__ == "__main__":
    main()
