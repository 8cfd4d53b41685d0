"""Text of twice the size, a phone on its side, a notch: nothing is lost, covered or out of reach."""

import pytest
from phone import sign_in, study_uid, until
from stacks import stack_address

SIDE = {"width": 844, "height": 390}
# What a person taps or reads, as far as it is drawn: a fixed bar that lies over a list is no overlap.
LOST = """() => {
  const found = [];
  const start = (each) => each.outerHTML.slice(0, 80);
  const root = document.querySelector("dialog[open]") ?? document.body;
  const wide = document.documentElement;
  if (wide.scrollWidth > innerWidth) found.push(`the page is ${wide.scrollWidth} wide`);
  const isHidden = (each) => each.closest(".said, .skip-links");
  const seen = (each) => each.checkVisibility({ visibilityProperty: true }) && !isHidden(each);
  const holdsText = (each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const all = [...root.querySelectorAll("*")].filter(seen);
  for (const each of all.filter(holdsText)) {
    const box = each.getBoundingClientRect();
    const isInLine = each.closest(".chip-line, .chip-row");
    if (!isInLine && (box.right > innerWidth + 1 || box.left < -1)) found.push(`beside the screen: ${each.innerText}`);
    const style = getComputedStyle(each);
    const isCut = each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1;
    if (style.display !== "inline" && style.overflow !== "visible" && isCut) found.push(`cut: ${each.innerText}`);
  }
  const isLaid = (each) => {
    for (let at = each; at; at = at.parentElement)
      if (["fixed", "sticky"].includes(getComputedStyle(at).position)) return at;
    return null;
  };
  const pieces = all.filter((each) => holdsText(each) || each.matches("a, button, input, select, img, summary"));
  const boxes = pieces.flatMap((each) => [...each.getClientRects()].map((box) => [each, isLaid(each), box]));
  for (const [at, [one, layer, a]] of boxes.entries())
    for (const [other, otherLayer, b] of boxes.slice(at + 1)) {
      if (layer !== otherLayer || one.contains(other) || other.contains(one)) continue;
      const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (x > 2 && y > 4) found.push(`over each other: ${start(one)} | ${start(other)}`);
    }
  return [...new Set(found)];
}"""
# With the page at its end, the last thing in it lies above the bars at the bottom.
COVERED = """() => {
  scrollTo(0, document.documentElement.scrollHeight);
  const bar = document.querySelector(".tabs, .actions")?.getBoundingClientRect();
  if (!bar || bar.left === 0 && bar.width < innerWidth) return [];
  const pieces = [...document.querySelectorAll(".page a, .page button, .page p, .page dd")];
  const covered = pieces.filter((each) => each.checkVisibility() && !each.closest(".tabs, .actions, .said"));
  const isBelow = (each) => each.getBoundingClientRect().bottom > bar.top + 1;
  return covered.filter(isBelow).map((each) => each.outerHTML.slice(0, 90));
}"""


def places(lightbox, ct_uid):
    """The screens that are more than a form: address, and what is there once it is drawn."""
    report = study_uid("test-SR.dcm")
    current = stack_address(lightbox, "current", 1).split("?")[0]
    return ["/", "/me", "/shares", f"/studies/{ct_uid}", current, f"/studies/{report}", f"/studies/{report}/report"]


def shown(page, address):
    page.goto(address)
    page.get_by_role("heading").first.wait_for()
    until(page, "document.querySelectorAll('[aria-busy=true], #first').length === 0")
    page.wait_for_timeout(200)


def twice(page):
    page.evaluate("document.documentElement.style.fontSize = '32px'")
    page.wait_for_timeout(100)


def test_text_of_twice_the_size(page, lightbox, ct_uid):
    page.goto("/")
    page.get_by_label("Password").wait_for()
    twice(page)
    assert page.evaluate(LOST) == []
    sign_in(page)
    page.locator("a.row").first.wait_for()
    lost = {}
    for address in places(lightbox, ct_uid):
        shown(page, address)
        twice(page)
        lost[address] = page.evaluate(LOST) + page.evaluate(COVERED)
    page.goto(f"/studies/{ct_uid}")
    page.get_by_role("button", name="Share").tap()
    page.get_by_role("button", name="Make link").wait_for()
    twice(page)
    lost["share"] = page.evaluate(LOST)
    page.get_by_role("button", name="Make link").tap()
    page.locator("#share-url").wait_for()
    lost["link"] = page.evaluate(LOST)
    assert {where: what for where, what in lost.items() if what} == {}


def test_a_phone_on_its_side(page, lightbox, ct_uid):
    page.set_viewport_size(SIDE)
    page.goto("/")
    sign_in(page)
    page.locator("a.row").first.wait_for()
    lost = {}
    for address in places(lightbox, ct_uid):
        shown(page, address)
        lost[address] = page.evaluate(LOST) + page.evaluate(COVERED)
    address = stack_address(lightbox, "current", 60)
    shown(page, address)
    page.get_by_role("toolbar", name="Tools").wait_for()
    page.wait_for_timeout(1000)
    stage = page.locator(".stage").bounding_box()
    assert (stage["width"] >= 600, stage["height"] >= 380) == (True, True), "the picture has most of the screen"
    assert {where: what for where, what in lost.items() if what} == {}


@pytest.fixture
def notched(page):
    """A phone with a notch and a home bar: upright above and below, on its side at both ends."""
    devtools = page.context.new_cdp_session(page)

    def turn(on_its_side):
        page.set_viewport_size(SIDE if on_its_side else {"width": 390, "height": 844})
        insets = {"left": 47, "right": 47, "bottom": 21} if on_its_side else {"top": 47, "bottom": 34}
        whole = {"top": 0, "right": 0, "bottom": 0, "left": 0} | insets
        devtools.send(
            "Emulation.setSafeAreaInsetsOverride",
            {"insets": whole | {f"{side}Max": size for side, size in whole.items()}},
        )
        return whole

    return page, turn


# What is read or tapped and lies below the notch, the home bar or the rounded ends.
UNSAFE = """(insets) => {
  const all = [...document.querySelectorAll("a, button, input, h1, h2, p, time, bdi")];
  const bars = ".tabs, .actions, .patient, .search form, .banners, dialog, .viewer-header, .controls";
  const fixed = (each) => each.closest(scrollY ? bars : `${bars}, .bar`);
  const isRow = (each) => each.matches(".row, .series a");
  return all.filter((each) => each.checkVisibility() && !each.closest(".said, .skip-links")).filter((each) => {
    const box = each.getBoundingClientRect();
    if (!box.width || box.bottom < 0 || box.top > innerHeight) return false;
    if (box.left < insets.left - 1 && box.right > 0) return !isRow(each);
    if (box.right > innerWidth - insets.right + 1) return !each.closest(".chip-line") && !isRow(each);
    if (!fixed(each)) return false;
    const style = getComputedStyle(each);
    return box.top + parseFloat(style.paddingTop) < insets.top - 1 || box.bottom > innerHeight - insets.bottom + 1;
  }).map((each) => each.outerHTML.slice(0, 100));
}"""


def test_nothing_lies_below_notch_and_home_bar(notched, lightbox, ct_uid):
    page, turn = notched
    page.goto("/")
    sign_in(page)
    page.locator("a.row").first.wait_for()
    unsafe = {}
    for on_its_side in (False, True):
        insets = turn(on_its_side)
        for address in [*places(lightbox, ct_uid), stack_address(lightbox, "current", 60)]:
            shown(page, address)
            unsafe[address, on_its_side, "top"] = page.evaluate(UNSAFE, insets)
            page.evaluate("scrollTo(0, 400)")
            page.wait_for_timeout(100)
            unsafe[address, on_its_side, "scrolled"] = page.evaluate(UNSAFE, insets)
    assert {where: what for where, what in unsafe.items() if what} == {}
