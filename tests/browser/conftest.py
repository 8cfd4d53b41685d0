"""A real Lightbox and a real Chromium with a phone's profile; no page may complain without the test knowing why."""

import re

import pytest
from lightbox import installed
from phone import PHONE, sign_in, study_uid
from stacks import add_stacks


@pytest.fixture(scope="session")
def lightbox(tmp_path_factory):
    """A Lightbox in front of real files, with Alice the radiologist among its people."""
    made = installed(tmp_path_factory.mktemp("lightbox"), also=lambda archive: add_stacks(archive / "synthetic"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """The system's Chromium."""
    return {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}


@pytest.fixture
def browser_context_args(lightbox):
    """A phone in one hand."""
    return PHONE | {"base_url": lightbox.url}


class Complaints:
    """What pages said in their consoles; `allow` names the refusals that a test provokes."""

    def __init__(self):
        self.heard = []
        self.allowed = []

    def watch(self, page):
        """Listens to the page's console, its uncaught errors and its policy's violations."""
        page.on("console", lambda said: said.type in {"error", "warning"} and self.heard.append(said.text))
        page.on("pageerror", lambda error: self.heard.append(str(error)))

    def allow(self, pattern):
        """The test provokes complaints like this one."""
        self.allowed.append(re.compile(pattern))

    @property
    def unexpected(self):
        """Complaints that no test has allowed."""
        return [said for said in self.heard if not any(each.search(said) for each in self.allowed)]


@pytest.fixture(autouse=True)
def complaints(context):
    """Console errors and Content-Security-Policy violations of every page in the context: none by default."""
    heard = Complaints()
    context.on("page", heard.watch)
    yield heard
    assert heard.unexpected == []


@pytest.fixture
def signed_in(page):
    """Alice's phone with the worklist open."""
    page.goto("/")
    sign_in(page)
    page.get_by_role("heading", name="Studies").wait_for()
    page.locator("a.row").first.wait_for()
    return page


@pytest.fixture(scope="session")
def ct_uid():
    """A small CT study of the patient CompressedSamples^CT1."""
    return study_uid("CT_small.dcm")
