"""The app installs on a phone, opens without a network, and takes a new version only when told to."""

import contextlib
import json
import math
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest
import requests
from phone import PHONE, sign_in, until
from PIL import Image
from playwright.sync_api import expect


@pytest.fixture
def phone(browser_type, browser_type_launch_args, lightbox, tmp_path, complaints):
    """A browser with a profile of its own: a private window cannot install anything."""
    context = browser_type.launch_persistent_context(
        tmp_path / "profile", **browser_type_launch_args, **PHONE, base_url=lightbox.url
    )
    context.on("page", complaints.watch)
    yield context.new_page()
    context.close()


def ready(page):
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    until(page, "navigator.serviceWorker.controller !== null")


def test_the_browser_finds_nothing_against_installing(phone):
    ready(phone)
    devtools = phone.context.new_cdp_session(phone)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    told = json.loads(manifest["data"])
    assert (told["id"], told["scope"], told["display"]) == ("/", "/", "standalone")
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    assert [each["name"] for each in told["shortcuts"]] == ["Worklist", "Search", "Me"]
    for icon in told["icons"] + [icon for each in told["shortcuts"] for icon in each["icons"]]:
        answer = phone.request.get(icon["src"])
        assert answer.ok
        assert answer.headers["content-type"].startswith(icon.get("type", "image/png"))


@pytest.mark.parametrize("size", [192, 512])
def test_a_launcher_may_cut_the_icon_to_any_shape(phone, size):
    phone.goto("/sign-in")
    icon = Image.open(BytesIO(phone.request.get(f"/icons/maskable-{size}.png").body())).convert("RGBA")
    assert icon.size == (size, size)
    ground = icon.getpixel((0, 0))
    assert ground[3] == 255, "nothing shows through"
    drawn = [(x, y) for x in range(size) for y in range(size) if icon.getpixel((x, y)) != ground]
    # The safe zone of the web app manifest: a circle of two fifths of the width about the middle.
    assert max(math.dist(at, (size / 2, size / 2)) for at in drawn) <= size * 0.4


def test_the_shortcuts_lead_where_they_say(phone):
    ready(phone)
    sign_in(phone)
    phone.locator("a.row").first.wait_for()
    search = phone.get_by_role("searchbox")
    expect(search).not_to_be_focused()
    phone.goto("/?search")
    expect(search).to_be_focused()
    assert phone.url.endswith("/")
    phone.goto("/me")
    expect(phone.get_by_role("heading", name="About")).to_be_visible()


def test_it_opens_without_a_network_and_says_so(phone, complaints):
    complaints.allow("ERR_INTERNET_DISCONNECTED")
    complaints.allow("Download error")  # Chromium's own look at the manifest's icons may fall into the gap.
    ready(phone)
    phone.context.set_offline(True)
    phone.goto("/")
    expect(phone.get_by_role("heading", name="No connection")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.get_by_label("Password")).to_be_visible()


def test_losing_the_network_leaves_the_screen_as_it_is(phone, complaints):
    complaints.allow("Download error")
    ready(phone)
    sign_in(phone)
    phone.locator("a.row").first.wait_for()
    phone.context.set_offline(True)
    expect(phone.get_by_text("No connection. What is on the screen stays.")).to_be_visible()
    expect(phone.locator("a.row").first).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.get_by_text("No connection. What is on the screen stays.")).to_have_count(0)


def test_the_service_worker_answers_for_the_shell_alone(phone, ct_uid):
    ready(phone)
    sign_in(phone)
    phone.locator("a.row").first.wait_for()
    by_worker, by_server = [], []
    phone.on("response", lambda answer: (by_worker if answer.from_service_worker else by_server).append(answer.url))
    phone.goto(f"/studies/{ct_uid}")
    until(phone, "document.querySelector('.series img')?.naturalWidth > 0")
    phone.wait_for_load_state("networkidle")
    assert any("/assets/" in url for url in by_worker)
    data = [url for url in by_worker if "/api/" in url or "/tiles/" in url]
    assert data == []
    assert any("/tiles/" in url for url in by_server)


@contextlib.contextmanager
def in_front_of(lightbox):
    """A server that passes on what Lightbox answers, and can be told to bring a newer service worker."""
    newer = threading.Event()

    class Front(BaseHTTPRequestHandler):
        def do_GET(self):
            asked = {name: value for name, value in self.headers.items() if name not in ("Host", "Accept-Encoding")}
            if "Origin" in asked:
                asked["Origin"] = lightbox.url
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = requests.request(self.command, lightbox.url + self.path, headers=asked, data=sent, timeout=10)
            body = answer.content
            if self.path == "/sw.js" and newer.is_set():
                body += b"\n// a newer version"
            self.send_response(answer.status_code)
            for name in ("Content-Type", "Cache-Control", "Content-Security-Policy", "Set-Cookie"):
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            self.do_GET()

        def log_message(self, *_):
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Front)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", newer
    server.shutdown()
    server.server_close()


def controlled(page, address):
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    until(page, "navigator.serviceWorker.controller !== null")


LOOK = "navigator.serviceWorker.getRegistration().then((it) => it.update()).then(() => true)"


def test_a_new_version_waits_until_the_person_agrees(phone, lightbox):
    update = phone.get_by_role("button", name="Update")
    with in_front_of(lightbox) as (address, newer):
        controlled(phone, address)
        expect(update).to_have_count(0)
        newer.set()
        phone.evaluate(LOOK)
        expect(update).to_be_visible()
        phone.evaluate("window.isTheOldPage = true")
        phone.wait_for_timeout(500)
        assert phone.evaluate("window.isTheOldPage"), "it waits"
        assert phone.evaluate("navigator.serviceWorker.getRegistration().then((it) => it.waiting !== null)")
        update.tap()
        until(phone, "window.isTheOldPage === undefined")
        phone.get_by_label("Password").wait_for()
        expect(update).to_have_count(0)


def test_a_window_in_use_is_not_reloaded_because_another_one_agreed(phone, lightbox):
    with in_front_of(lightbox) as (address, newer):
        controlled(phone, address)
        other = phone.context.new_page()
        other.goto(address)
        until(other, "navigator.serviceWorker.controller !== null")
        other.evaluate("window.isTheOldPage = true")
        script = other.evaluate("document.querySelector('script[src]').src")
        newer.set()
        phone.evaluate(LOOK)
        phone.bring_to_front()
        phone.get_by_role("button", name="Update").tap()
        expect(phone.get_by_role("button", name="Update")).to_have_count(0)
        until(other, "navigator.serviceWorker.controller?.state === 'activated'")
        assert other.evaluate("window.isTheOldPage")
        assert other.evaluate("caches.match(document.querySelector('script[src]').src).then((it) => it.ok)"), script
        other.bring_to_front()
        other.get_by_role("button", name="Update").tap()
        until(other, "window.isTheOldPage === undefined")


def test_a_new_version_never_stands_over_a_study(phone, lightbox, ct_uid):
    update = phone.get_by_role("button", name="Update")
    with in_front_of(lightbox) as (address, newer):
        controlled(phone, address)
        sign_in(phone)
        phone.locator(f'a.row[href="/studies/{ct_uid}"]').tap()
        phone.get_by_role("heading", name="Series").wait_for()
        newer.set()
        phone.evaluate(LOOK)
        until(phone, "navigator.serviceWorker.getRegistration().then((it) => it.waiting !== null)")
        phone.wait_for_timeout(300)
        expect(update).to_have_count(0)
        phone.get_by_role("button", name="Back to the studies").tap()
        expect(update).to_be_visible()
        phone.get_by_role("button", name="Later").tap()
        expect(update).to_have_count(0)
        phone.get_by_role("link", name="Me", exact=True).tap()
        expect(update).to_be_visible()
