"""A phone, and what a person does with it in every test."""

import contextlib
import time

import pydicom
from lightbox import PASSWORDS, PYDICOM_FILES
from playwright.sync_api import Error

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "has_touch": True,
    "is_mobile": True,
    "color_scheme": "dark",
    "locale": "en-GB",
}


def sign_in(page, name="alice", password=None):
    """Signs in through the form, as a person does."""
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password").fill(password or PASSWORDS[name])
    page.get_by_role("button", name="Sign in").tap()


def study_uid(name):
    """The study UID of one of pydicom's files."""
    return str(pydicom.dcmread(PYDICOM_FILES / name, stop_before_pixels=True).StudyInstanceUID)


def until(page, expression, seconds=10):
    """Waits until the expression holds; the page's own policy forbids Playwright's way, which evaluates text."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        # A navigation under way takes the page from below the question: the next one is asked of the new page.
        with contextlib.suppress(Error):
            if page.evaluate(expression):
                return
        page.wait_for_timeout(50)
    raise AssertionError(f"never held: {expression}")
