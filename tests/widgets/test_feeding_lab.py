"""The form in real JupyterLab: type, read what is wrong, run, step, compare; and with no kernel."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

import minitf as tf
import widgets
from tests.widgets.stubs import MARKUP

pytestmark = pytest.mark.browser

CELLS = [
    "import minitf as tf\nimport widgets",
    'x = tf.placeholder(tf.float32, [None, 3], name="x")\n'
    'rate = tf.placeholder_with_default(0.5, [], name="rate")\n'
    'y = tf.multiply(tf.nn.relu(x), rate, name="y")\n'
    "sess = tf.Session()",
    "widgets.feed(y, sess)",
    "after = 1",
]


def serious(page: Page) -> list[str]:
    """What axe-core finds serious or critical in the form and its player."""
    found = Axe().run(page, context=".mtf-feed").response["violations"]
    return [v["id"] for v in found if v["impact"] in ("serious", "critical")]


def picture(page: Page, name: str) -> None:
    """A screenshot to look at, where MINITF_SCREENSHOTS names a folder."""
    folder = os.environ.get("MINITF_SCREENSHOTS")
    if folder:
        page.wait_for_timeout(400)
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.fixture
def form(lab):
    lab.page.emulate_media(reduced_motion="reduce")  # no run plays by itself: steps are counted
    lab.write_notebook("feed.ipynb", CELLS)
    lab.open_notebook("feed.ipynb")
    lab.run_all()
    assert lab.errors() == []
    yield lab
    assert lab.page_errors == []
    assert lab.foreign_requests() == []


def shown(lab) -> Locator:
    found = lab.cell(2).locator(".mtf-feed")
    found.wait_for()
    return found


def says(form: Locator, name: str) -> Locator:
    """The words beside a field, as a screen reader finds them."""
    field = form.get_by_label(name, exact=True)
    ids = field.get_attribute("aria-describedby").split()
    return form.page.locator(f"#{ids[-1]}")


def test_the_form_in_jupyterlab(form):
    """By keys, by mouse, in both themes; one notebook for all, since opening it takes long."""
    wrong_then_right(form)
    run_and_step(form)
    run_again_and_compare(form)
    stop_at_a_node(form)
    in_both_themes(form)
    reopened(form)


def wrong_then_right(lab):
    form = shown(lab)
    field = form.get_by_label("x", exact=True)
    assert field.input_value() == "[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]"
    expect(says(form, "x")).to_have_text("✓ shape (2, 3)")
    assert field.get_attribute("aria-invalid") is None
    field.fill("")
    field.press_sequentially("[1, 2, 3]")
    expect(says(form, "x")).to_have_text(
        "✕ ValueError: shape (3,) came, (?, 3) is wanted. Try [[1, 2, 3]]"
    )
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(says(form, "x")).to_have_attribute("aria-live", "polite")
    picture(lab.page, "feed-wrong-light")
    form.get_by_label("rate", exact=True).focus()
    form.get_by_role("button", name="Run", exact=True).click()
    expect(form.get_by_role("status")).to_have_text("Nothing ran: look at x.")
    expect(field).to_be_focused()
    field.fill("[[1, -2, 3]]")
    expect(says(form, "x")).to_have_text("✓ shape (1, 3)")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    assert len(lab.cells()) == len(CELLS)  # letters typed are no shortcuts


def run_and_step(lab):
    form = shown(lab)
    form.get_by_label("x", exact=True).press("Enter")
    expect(form.get_by_role("status")).to_have_text("Run 1: y = [[0.5, 0.0, 1.5]].")
    player = form.locator(".mtf").last
    expect(player.locator("h4")).to_have_text("Run 1")
    expect(player.locator(".cnt")).to_have_text("1 / 5")
    player.get_by_label("Next", exact=True).click()
    expect(player.locator(".cap")).to_contain_text("You feed x and rate")
    player.get_by_label("Next", exact=True).press("ArrowRight")
    expect(player.locator(".cap")).to_contain_text("Relu has its input (x) and computes")
    picture(lab.page, "feed-run-light")
    assert player.locator(".col.given td").all_inner_texts() == ["1.0", "-2.0", "3.0"]
    assert form.get_by_role("button", name="Compare").is_hidden()


def run_again_and_compare(lab):
    form = shown(lab)
    form.get_by_label("x", exact=True).fill("[[1, -2, 4]]")
    form.get_by_role("button", name="Run", exact=True).click()
    expect(form.get_by_role("status")).to_have_text("Run 2: y = [[0.5, 0.0, 2.0]].")
    form.get_by_role("button", name="Compare").press("Enter")
    player = form.locator(".mtf").last
    expect(player.locator("h4")).to_have_text("Comparing two runs")
    player.get_by_label("Last", exact=True).click()
    expect(player.locator(".cap")).to_contain_text("2 of 2 steps differ.")
    player.get_by_label("Previous", exact=True).click()
    expect(player.locator(".cap")).to_have_text(
        "y is [[0.5, 0.0, 1.5]] in Run 1 and [[0.5, 0.0, 2.0]] in Run 2."
    )
    expect(player.locator(".sign")).to_have_text("≠")
    assert player.locator("svg .differs").count() == 3
    picture(lab.page, "feed-compare-light")
    form.get_by_label("x", exact=True).fill("[[1, -2, 5]]")
    form.get_by_role("button", name="Run", exact=True).press("Enter")
    expect(form.get_by_role("status")).to_have_text("Run 3: y = [[0.5, 0.0, 2.5]].")
    form.get_by_role("button", name="Compare").click()
    player.get_by_label("Last", exact=True).click()
    expect(player.locator(".cap")).to_contain_text("Run 3 gives [[0.5, 0.0, 2.5]]")


def stop_at_a_node(lab):
    form = shown(lab)
    form.get_by_label("x", exact=True).fill("")
    expect(says(form, "x")).to_have_text("left out: a run that needs it stops there")
    form.get_by_role("button", name="Run", exact=True).click()
    expect(form.get_by_role("status")).to_contain_text("Run 4 stops with InvalidArgumentError")
    player = form.locator(".mtf").last
    expect(player.locator(".cap.bad")).to_contain_text("x stops the run with InvalidArgumentError")
    assert player.locator("svg .wrong").count() == 1


def in_both_themes(lab):
    form = shown(lab)
    for theme in ("dark", "light"):
        lab.set_theme(theme)
        for text in ("[[1, 2, 3]]", "[1"):
            form.get_by_label("x", exact=True).fill(text)
            expect(says(form, "x")).to_contain_text("still open" if text == "[1" else "shape")
            lab.page.wait_for_timeout(250)
            assert serious(lab.page) == []
        picture(lab.page, f"feed-error-{theme}")


def reopened(lab):
    """With its kernel the form goes on; without one the last values stand, to be read."""
    shown(lab).get_by_label("x", exact=True).fill("[[7, 8, 9]]")
    expect(says(shown(lab), "x")).to_have_text("✓ shape (1, 3)")
    lab.save()
    lab.page.reload()
    lab.open_notebook("feed.ipynb")
    form = shown(lab)
    expect(form.get_by_label("x", exact=True)).to_have_value("[[7, 8, 9]]")
    expect(form.get_by_role("button", name="Run", exact=True)).to_be_visible()
    lab.save()
    lab.server.stop_kernels()
    lab.page.reload()
    lab.open_notebook("feed.ipynb")
    form = shown(lab)
    field = form.get_by_label("x", exact=True)
    expect(field).to_have_value("[[7, 8, 9]]")
    assert field.evaluate("e => e.readOnly")
    assert form.get_by_role("button", name="Run", exact=True).is_hidden()
    expect(form.locator(".mtf").last.locator(".cnt")).to_have_text("3 / 3")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_page_of_its_own_shows_the_last_values(page, tmp_path, theme):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    form = widgets.feed(tf.reduce_sum(x, name="sum"), tf.Session())
    form.texts = ["[[1, 2, 3]]"]
    form.run()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.emulate_media(color_scheme=theme)
    page.goto(form.to_html(tmp_path / "form.html").as_uri())
    field = page.get_by_label("x", exact=True)
    expect(field).to_have_value("[[1, 2, 3]]")
    assert field.evaluate("e => e.readOnly")
    assert page.get_by_role("button", name="Run", exact=True).is_hidden()
    expect(page.get_by_role("status")).to_have_text("Run 1: sum = 6.0.")
    page.get_by_label("Last", exact=True).click()
    expect(page.locator(".cap")).to_contain_text("The run gives back sum = 6.0.")
    assert serious(page) == []
    assert errors == []


def test_markup_in_names_and_values_is_shown_as_text(page, tmp_path):
    strings = [tf.placeholder(tf.string, [], name=f"s{i}") for i in range(len(MARKUP))]
    values = dict(zip(strings, MARKUP, strict=True))
    form = widgets.feed(tf.stack(strings, name="all"), tf.Session(), values=values)
    fields = [
        {**field, "name": text, "hint": text}
        for field, text in zip(form.form["fields"], MARKUP, strict=True)
    ]
    form.form = {**form.form, "title": MARKUP[0], "fields": fields}
    form.run()
    page.goto(form.to_html(tmp_path / "form.html").as_uri())
    page.wait_for_selector(".mtf-form")
    assert page.evaluate("window.hacked") is None
    assert page.locator(".mtf-form label").all_inner_texts()[0] == MARKUP[0]
    assert page.locator(".mtf-form :is(script, img, iframe)").count() == 0


def test_a_narrow_page_stacks_the_fields(page, tmp_path):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    form = widgets.feed(tf.reduce_sum(x, name="sum"), tf.Session())
    page.set_viewport_size({"width": 480, "height": 800})
    page.goto(form.to_html(tmp_path / "form.html").as_uri())
    label, field = page.locator("label").bounding_box(), page.locator(".typed").bounding_box()
    assert label["y"] + label["height"] <= field["y"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
