"""OpenSeadragon, unchanged, opens our pictures: on a page of our own origin by cookie, on any other by token."""

import http.server
import re
import threading

import pytest
import zoomed
from lightbox import PASSWORDS, ROOT, installed
from phone import until
from zoomed import LEVELS, SLIDE_HEIGHT, SLIDE_WIDTH, STUDY

LIBRARY = (ROOT / "pwa/node_modules/openseadragon/build/openseadragon/openseadragon.min.js").read_text(encoding="utf-8")
PAGE = """<!doctype html><meta charset="utf-8"><title>A viewer</title><link rel="icon" href="data:,">
<div id="viewer" style="width: 360px; height: 360px"></div><script src="openseadragon.js"></script>"""
OPEN = """([address, options]) => new Promise((done, fail) => {
  window.viewer = OpenSeadragon({
    id: "viewer", tileSources: address, showNavigationControl: false, animationTime: 0, ...options,
  });
  viewer.addHandler("open", () => viewer.world.getItemAt(0).whenFullyLoaded(() => done(true)));
  for (const event of ["open-failed", "tile-load-failed"]) viewer.addHandler(event, said => fail(said.message));
})"""
SETTLED = "viewer.world.getItemAt(0).getFullyLoaded()"
# The colours that the viewer's canvas shows around places of the picture.
COLORS = """(places) => {
  viewer.forceRedraw();
  const shown = viewer.drawer.canvas, of = new OffscreenCanvas(shown.width, shown.height);
  const copy = of.getContext("2d", { willReadFrequently: true });
  copy.drawImage(shown, 0, 0);
  const scale = shown.width / viewer.container.clientWidth;
  return places.map(([x, y]) => {
    const at = viewer.viewport.imageToViewerElementCoordinates(new OpenSeadragon.Point(x, y)).times(scale);
    const { data } = copy.getImageData(Math.floor(at.x) - 4, Math.floor(at.y) - 4, 9, 9);
    return [0, 1, 2].map(one => data.filter((_, n) => n % 4 === one).reduce((sum, value) => sum + value) / 81);
  });
}"""
TILE = re.compile(r"/(full|\d+,\d+,\d+,\d+)/(max|\d+,\d+|\d+,)/0/default\.(jpg|png|webp)\Z")


@pytest.fixture(scope="module")
def lightbox(tmp_path_factory):
    """A Lightbox in front of the pictures that tell their places."""
    made = installed(tmp_path_factory.mktemp("zoomed"), also=zoomed.add_zoomed)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def elsewhere():
    """A page of another origin, by a server of its own: routing would answer preflights in the gateway's place."""

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            is_library = self.path.endswith(".js")
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if is_library else "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((LIBRARY if is_library else PAGE).encode())

        def log_message(self, *said):
            """Says nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Traffic:
    """The answers that the page got, and what it did not get."""

    def __init__(self, page):
        self.answers, self.failed = [], []
        page.on("response", self._hear)
        page.on("requestfailed", lambda request: self.failed.append(request.url))

    def _hear(self, answer):
        self.answers.append(answer)

    def paths(self, service):
        """What was asked of the image service."""
        return [answer.url.removeprefix(service) for answer in self.answers if answer.url.startswith(service)]

    def tiles(self, service):
        """The pictures among that."""
        return [path for path in self.paths(service) if TILE.search(path)]


@pytest.fixture
def traffic(page, complaints):
    """What goes over the line."""
    # The viewer tries out what this machine's graphics can do.
    complaints.allow("ReadPixels|willReadFrequently")
    return Traffic(page)


@pytest.fixture
def service(lightbox):
    """The address of a picture's image service, by the series' name."""
    browser = lightbox.browser("alice")
    series = browser.post(f"/api/v1/studies/{STUDY}/open", json={}).json()["series"]
    keys = {one["series_description"]: one["tiles"].split("/")[2:4] for one in series if one["tiles"]}
    return lambda name: f"{lightbox.url}/iiif/3/{keys[name][0]}-{keys[name][1]}-1"


@pytest.fixture
def at_home(page, lightbox):
    """Alice's browser, signed in by cookie and with the study open, on a bare page of the gateway's own origin."""
    page.route("**/bare/", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page.route("**/bare/openseadragon.js", lambda route: route.fulfill(body=LIBRARY, content_type="text/javascript"))
    own = {"X-Lightbox": "1"}
    credentials = {"username": "alice", "password": PASSWORDS["alice"]}
    assert page.request.post("/api/v1/session", data=credentials, headers=own).ok
    assert page.request.post(f"/api/v1/studies/{STUDY}/open", data={}, headers=own).ok
    page.goto("/bare/")
    return page


def colors_of(page, places):
    return page.evaluate(COLORS, [list(place) for place in places])


def assert_in_place(page, extent):
    """The canvas shows every place of the picture where the viewer says that it is."""
    width, height = extent
    places = [(width * x / 8, height * y / 8) for x in (1, 3, 4, 7) for y in (1, 2, 5, 7)]
    for (x, y), color in zip(places, colors_of(page, places), strict=True):
        assert color[0] == pytest.approx(x / width * 255, abs=5), (x, y)
        assert color[1] == pytest.approx(y / height * 255, abs=5), (x, y)


@pytest.mark.parametrize("name", ["color", "slide", "jpeg", "oblong"])
def test_it_opens_on_our_own_page_by_cookie(at_home, service, traffic, name):
    at_home.evaluate(OPEN, [f"{service(name)}/info.json", {}])
    extents = {"color": (zoomed.WIDTH, zoomed.HEIGHT), "oblong": (200, 300)}
    extent = extents.get(name, (SLIDE_WIDTH, SLIDE_HEIGHT))
    size = at_home.evaluate("(({x, y}) => [x, y])(viewer.world.getItemAt(0).getContentSize())")
    assert tuple(size) == extent
    assert_in_place(at_home, extent)
    asked = traffic.paths(service(name))
    assert asked.count("/info.json") == 1
    assert len(traffic.tiles(service(name))) == len(asked) - 1 >= 1
    assert {answer.status for answer in traffic.answers} == {200}
    assert traffic.failed == []


def test_zooming_in_asks_for_finer_levels_of_a_slide_and_panning_for_their_neighbours(at_home, service, traffic):
    at_home.evaluate(OPEN, [f"{service('slide')}/info.json", {"minPixelRatio": 1, "pixelRatio": 1}])
    coarse = set(traffic.tiles(service("slide")))
    at_home.evaluate("viewer.viewport.zoomTo(viewer.viewport.imageToViewportZoom(1), null, true)")
    until(at_home, SETTLED)
    fine = [tile for tile in traffic.tiles(service("slide")) if tile not in coarse]
    assert fine
    places = [(SLIDE_WIDTH / 2 + x, SLIDE_HEIGHT / 2 + y) for x in (-150, 0, 150) for y in (-150, 40, 150)]
    for (x, y), color in zip(places, colors_of(at_home, places), strict=True):
        wanted = (x / SLIDE_WIDTH * 255, y / SLIDE_HEIGHT * 255, next(iter(LEVELS)))
        assert color == pytest.approx(wanted, abs=5), (x, y)
    before = len(traffic.tiles(service("slide")))
    at_home.evaluate("viewer.viewport.panTo(new OpenSeadragon.Point(0.1, 0.1), true)")
    until(at_home, SETTLED)
    tiles = traffic.tiles(service("slide"))
    assert len(tiles) > before
    assert len(set(tiles)) == len(tiles)
    assert {answer.status for answer in traffic.answers} == {200}


def test_it_opens_on_a_page_of_another_origin_by_token(page, lightbox, service, elsewhere, traffic):
    asked = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.requestWillBeSent", lambda told: asked.append((told["request"]["method"], told["request"]["url"])))
    page.goto(elsewhere)
    token = {"Authorization": f"Bearer {lightbox.token('bob')}"}
    page.evaluate(
        OPEN,
        [
            f"{service('slide')}/info.json",
            {"loadTilesWithAjax": True, "ajaxHeaders": token, "ajaxWithCredentials": False},
        ],
    )
    assert_in_place(page, (SLIDE_WIDTH, SLIDE_HEIGHT))
    tiles = traffic.tiles(service("slide"))
    assert tiles
    assert {("OPTIONS", f"{service('slide')}{tile}") for tile in tiles} <= set(asked)
    assert {answer.status for answer in traffic.answers} == {200}
    assert traffic.failed == []


def test_a_page_of_another_origin_gets_nothing_by_cookie(at_home, service, elsewhere, complaints):
    complaints.allow("CORS policy|Failed to load resource|401")
    at_home.unroute_all()
    at_home.goto(elsewhere)
    asks = "(address) => fetch(address, {credentials: 'include'}).then(got => got.status, () => 'refused')"
    assert at_home.evaluate(asks, f"{service('color')}/info.json") == "refused"
    assert at_home.evaluate(asks.replace("include", "omit"), f"{service('color')}/info.json") == 401
