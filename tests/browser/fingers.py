"""Real fingers, through the browser's own touch input."""


class Fingers:
    """Touches of a page; places in CSS pixels."""

    def __init__(self, page):
        self._page = page
        self._cdp = page.context.new_cdp_session(page)

    def drag(self, start, end, steps=12):
        """One finger from here to there, and up at rest."""
        self._touch("touchStart", [start])
        for step in range(1, steps + 1):
            self._touch("touchMove", [between(start, end, step / steps)])
            self._page.wait_for_timeout(12)
        self._page.wait_for_timeout(150)  # at rest: no momentum
        self._touch("touchEnd", [])

    def fling(self, start, end, steps=5):
        """One finger that leaves the glass in motion."""
        self._touch("touchStart", [start])
        for step in range(1, steps + 1):
            self._touch("touchMove", [between(start, end, step / steps)])
            self._page.wait_for_timeout(10)
        self._touch("touchEnd", [])

    def down(self, place):
        """One finger comes down and stays."""
        self._at = place
        self._touch("touchStart", [place])

    def move(self, place, steps=8):
        """The finger that is down goes there."""
        for step in range(1, steps + 1):
            self._touch("touchMove", [between(self._at, place, step / steps)])
            self._page.wait_for_timeout(12)
        self._at = place

    def up(self):
        """The finger leaves the glass."""
        self._touch("touchEnd", [])

    def pinch(self, middle, from_distance, to_distance, steps=12):
        """Two fingers left and right of the middle, from one distance to another."""
        for step in range(steps + 1):
            half = (from_distance + (to_distance - from_distance) * step / steps) / 2
            both = [(middle[0] - half, middle[1]), (middle[0] + half, middle[1])]
            self._touch("touchMove" if step else "touchStart", both)
            self._page.wait_for_timeout(12)
        self._touch("touchEnd", [])

    def double_tap(self, place):
        """Two quick taps."""
        for _ in range(2):
            self._touch("touchStart", [place])
            self._touch("touchEnd", [])
            self._page.wait_for_timeout(60)

    def _touch(self, kind, places):
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        self._cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def between(start, end, share):
    """The place that far on the way."""
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
