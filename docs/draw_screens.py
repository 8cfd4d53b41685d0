"""Draws every screen at phone, tablet and desktop size, dark and light, into docs/screens: `make screenshots`.

It signs in to the demo on a port of its own, so that what is drawn is what a newcomer sees.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
SCREENS = ROOT / "docs" / "screens"
PORT = 8765
SIZES = {
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
    "tablet": {
        "viewport": {"width": 820, "height": 1180},
        "device_scale_factor": 1,
        "has_touch": True,
        "is_mobile": True,
    },
    "desktop": {"viewport": {"width": 1440, "height": 900}, "device_scale_factor": 1},
}
CHROMIUM = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}


@contextlib.contextmanager
def demo() -> Iterator[tuple[str, str]]:
    """The demo's address and password, served while the block runs."""
    with tempfile.TemporaryDirectory() as directory:
        environment = os.environ | {
            "LIGHTBOX_DATA_DIR": directory,
            "LIGHTBOX_BIND": f"127.0.0.1:{PORT}",
            "LIGHTBOX_PUBLIC_URL": f"http://127.0.0.1:{PORT}",
        }
        said = Path(directory) / "said"
        with said.open("w") as output:
            server = subprocess.Popen([sys.executable, "app.py", "demo"], cwd=ROOT, env=environment, stdout=output)
        try:
            while "password" not in said.read_text():
                time.sleep(0.2)
            password = said.read_text().split("password")[1].split()[0]
            _wait_until_ready(f"http://127.0.0.1:{PORT}/readyz")
            yield f"http://127.0.0.1:{PORT}", password
        finally:
            server.terminate()
            server.wait(30)


def _wait_until_ready(address: str) -> None:
    for _ in range(150):
        with contextlib.suppress(OSError), urllib.request.urlopen(address) as answer:  # noqa: S310 - our own loopback
            if json.load(answer)["status"] == "ready":
                return
        time.sleep(0.2)
    raise TimeoutError("the demo did not start")


def draw(browser: Browser, base: str, password: str, size: str, scheme: str) -> None:
    """All screens at one size in one colour scheme."""
    context = browser.new_context(**SIZES[size], color_scheme=scheme, base_url=base)
    page = context.new_page()
    suffix = "" if scheme == "dark" else "-light"

    def shoot(name: str, settle: float = 0.6) -> None:
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(settle * 1000)
        page.screenshot(path=SCREENS / f"{size}-{name}{suffix}.png")

    page.goto("/")
    shoot("sign-in")
    page.get_by_label("Name").fill("demo")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_text("CT Head (synthetic phantom)").first.wait_for()
    shoot("worklist")
    _search(page, "nobody of that name")
    shoot("nothing-found", 1.2)
    _search(page, "synthetic")
    page.get_by_text("CT Head (synthetic phantom)").first.click()
    page.wait_for_url("**/studies/**")
    shoot("study", 1.5)
    study = page.url.split("?")[0]
    page.goto(f"{study}/report")
    shoot("report")
    series = page.request.get(study.replace("/studies/", "/api/v1/studies/")).json()["series"][0]
    page.goto(f"{study}?series={series['series_instance_uid']}&frame={series['frame_count'] // 2}")
    shoot("viewer", 2.5)
    page.goto("/me")
    shoot("me")
    context.close()


def _search(page: Page, words: str) -> None:
    field = page.get_by_role("searchbox").first
    field.fill(words)
    field.press("Enter")


def main() -> None:
    """Draws them all."""
    SCREENS.mkdir(exist_ok=True)
    with demo() as (base, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        for size in SIZES:
            for scheme in ("dark", "light"):
                draw(browser, base, password, size, scheme)
        browser.close()
    sys.stdout.write(f"Drew {len(list(SCREENS.glob('*.png')))} screens into {SCREENS.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
