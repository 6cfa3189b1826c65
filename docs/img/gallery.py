"""Takes docs/img/gallery.png: the rehearsal team's page once its first films are there.

make run                                                (in another terminal, wait a minute)
.venv/bin/python docs/img/gallery.py < var/rehearsal-password
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

STUDIO = f"http://127.0.0.1:{os.environ.get('STUDIO_PORT', '8000')}"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
READY = 'article[data-state="ready"]'
FILMS = 6

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    page = browser.new_page(
        viewport={"width": 1440, "height": 900}, color_scheme="dark", reduced_motion="reduce", locale="en"
    )
    page.goto(f"{STUDIO}/accounts/login/")
    page.locator("input[type=email]").fill("director@rehearsal.example")
    page.locator("input[type=password]").fill(sys.stdin.readline().strip())
    page.locator("input[type=password]").press("Enter")
    page.locator(READY).nth(FILMS - 1).wait_for(timeout=120_000)
    page.reload()
    page.wait_for_load_state("networkidle")
    page.evaluate("Promise.all([...document.images].map(image => image.decode().catch(() => 0)))")
    page.screenshot(path=Path(__file__).with_suffix(".png"))
    browser.close()
