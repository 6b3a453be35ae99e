"""The player in a page of its own: every control by mouse and by keys, and what it then shows."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.widgets.stubs import StubOp, layer
from widgets import Player, values
from widgets.diagram import Diagram
from widgets.static import ESM, bundle
from widgets.story import Story, b, code, code_lines, panel, predict

pytestmark = pytest.mark.browser

SOURCE = """x = tf.placeholder(tf.float32, (None, 3), name='x')
with tf.variable_scope('layer'):
    h = dense(x)  # two variables
y = tf.nn.relu(h)
init = tf.global_variables_initializer()"""
LINE = {"x": 0, "Relu": 3, "init": 4}


def small_story() -> Story:
    """Four frames: one for each line that makes something, the third asked about beforehand."""
    ops = layer()
    lines = {op.name: LINE.get(op.name, 2) for op in ops}
    drawn = Diagram(ops, lines=lines)
    story = Story(
        "Building",
        "a test",
        drawing=drawn.drawing,
        info=drawn.info,
        lines=code_lines(SOURCE),
        start={"ghost": drawn.all_ids()},
    )
    for number in sorted(set(lines.values())):
        new = [op for op in ops if lines[op.name] == number]
        ids = {i for op in new for i in [*drawn.ids(op), *drawn.edges_into(op)]}
        asked = predict("How many?", answer="1", reveal=[b("Relu"), "."]) if number == 3 else None
        shown = panel("Value of ", b("x"), cols=[values.table(np.eye(2), "eye", hot=True)])
        story.frame(
            b(f"Line {number + 1}"), f" adds {len(new)}, as ", code("tf"), " does.",
            line=number, now=ids, drop={"ghost": ids}, predict=asked,
            panel=shown if number == 0 else None,
            labels={drawn.ids(new[0])[0]: f"label {number}"},
            values={drawn.ids(new[0])[0]: f"value {number}"},
        )  # fmt: skip
    return story


def count(page: Page) -> str:
    return page.locator(".cnt").inner_text()


def node(page: Page, name: str):
    return page.locator(f"svg .node:has(> text.name:text-is('{name}'))")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_buttons_step_through_every_frame(open_story):
    page = open_story(small_story())
    assert count(page) == "1 / 4"
    press(page, "Next")
    assert count(page) == "2 / 4"
    press(page, "Last")
    assert count(page) == "4 / 4"
    press(page, "Previous")
    assert count(page) == "3 / 4"
    press(page, "First")
    assert count(page) == "1 / 4"
    expect(page.locator(".cap")).to_have_text("Line 1 adds 1, as tf does.")
    assert page.locator(".cap b").inner_text() == "Line 1"
    assert page.locator(".cap code").inner_text() == "tf"


def test_keys_step_and_the_slider_follows(open_story):
    page = open_story(small_story())
    page.locator(".ln").first.focus()
    page.keyboard.press("ArrowRight")
    assert count(page) == "2 / 4"
    page.keyboard.press("End")
    assert count(page) == "4 / 4"
    page.keyboard.press("ArrowLeft")
    assert count(page) == "3 / 4"
    slider = page.get_by_role("slider", name="Step")
    assert slider.input_value() == "3"
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext") == "1 of 4"
    slider.fill("4")
    assert count(page) == "4 / 4"
    assert page.locator(".ticks i").count() == 4


def test_a_step_back_undoes_all_that_the_step_did(open_story):
    page = open_story(small_story())
    picture = page.locator("svg.pic-svg")
    before = picture.evaluate("e => e.outerHTML")
    for _ in range(4):
        press(page, "Next")
    for _ in range(4):
        press(page, "Previous")
    assert picture.evaluate("e => e.outerHTML") == before


def test_nodes_are_ghosts_until_their_line(open_story):
    page = open_story(small_story())
    assert "ghost" not in node(page, "x").get_attribute("class")
    assert "now" in node(page, "x").get_attribute("class")
    assert "ghost" in node(page, "Relu").get_attribute("class")
    expect(node(page, "Relu")).to_have_css("opacity", "0.13")
    press(page, "Last")
    assert page.locator("svg .ghost").count() == 0
    assert "now" not in node(page, "x").get_attribute("class")


def test_play_stops_at_the_question_and_goes_on_after_it(open_story):
    page = open_story(small_story())
    page.get_by_label("Speed").select_option("4")
    press(page, "Play")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator(".ask")).to_be_visible(timeout=8000)
    assert count(page) == "2 / 4"
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_space_plays_and_pauses(open_story):
    page = open_story(small_story())
    node(page, "x").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


@pytest.mark.parametrize(("said", "told"), [("1", "that is it"), ("7", "Answer: 1.")])
def test_predict_then_reveal(open_story, said, told):
    page = open_story(small_story())
    press(page, "Next")
    press(page, "Next")
    assert count(page) == "2 / 4"
    expect(page.locator(".ln.cur")).to_contain_text("relu")
    expect(node(page, "Relu")).to_have_css("opacity", "0")  # no peeping
    page.get_by_label("Your prediction").fill(said)
    page.keyboard.press("Enter")
    assert count(page) == "3 / 4"
    expect(page.locator(".ask")).to_contain_text(told)
    expect(page.locator(".ask")).to_contain_text("Relu.")


def test_a_question_can_be_passed_by(open_story):
    page = open_story(small_story())
    for _ in range(3):
        press(page, "Next")
    assert count(page) == "3 / 4"
    expect(page.locator(".ask")).to_be_hidden()


def test_keys_zoom_fit_and_search(open_story):
    page = open_story(small_story())
    picture = page.locator("svg.pic-svg")
    fitted = picture.get_attribute("viewBox")
    page.locator(".ln").first.focus()
    page.keyboard.press("+")
    assert float(picture.get_attribute("viewBox").split()[2]) < float(fitted.split()[2])
    page.keyboard.press("-")
    page.keyboard.press("-")
    assert float(picture.get_attribute("viewBox").split()[2]) > float(fitted.split()[2])
    page.keyboard.press("0")
    assert picture.get_attribute("viewBox") == fitted
    page.keyboard.press("/")
    expect(page.get_by_label("Find a node")).to_be_focused()
    page.keyboard.type("0+-/ relu")  # words to find, no commands
    assert picture.get_attribute("viewBox") == fitted
    page.keyboard.press("Escape")
    expect(page.get_by_label("Find a node")).to_be_hidden()


def test_the_wheel_zooms_only_with_ctrl(open_story):
    page = open_story(small_story())
    picture = page.locator("svg.pic-svg")
    fitted = picture.get_attribute("viewBox")
    picture.hover()
    page.mouse.wheel(0, -200)
    assert picture.get_attribute("viewBox") == fitted
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    expect(picture).not_to_have_attribute("viewBox", fitted)


def test_a_double_click_folds(open_story):
    page = open_story(small_story())
    press(page, "Last")
    node(page, "W").dblclick()
    assert node(page, "read").count() == 1


def test_a_long_line_goes_on_below_and_a_very_long_one_is_whole_on_hover(open_story):
    lines = ["x = 1", "    w = tf.get_variable(" + "1, " * 30 + ")", "y = [" + "1, " * 300 + "]"]
    story = Story("Long", lines=code_lines("\n".join(lines)))
    story.frame("one", line=1)
    page = open_story(story)
    codes = page.locator(".ln code")
    sizes = codes.evaluate_all("all => all.map((e) => [e.clientHeight, e.scrollHeight])")
    (short, _), (long, whole), (cut, _) = sizes
    assert short < long == whole
    assert cut == pytest.approx(3 * short, abs=2)
    assert page.locator(".ln").nth(2).get_attribute("title") == lines[2].strip()
    left = "e => { const r = document.createRange(); r.selectNodeContents(e);"
    left += " const all = [...r.getClientRects()], low = Math.max(...all.map((b) => b.top)) - 4;"
    left += " return Math.min(...all.filter((b) => b.top > low).map((b) => b.left)); }"
    assert codes.nth(1).evaluate(left) > codes.first.evaluate(left) + 20  # its last row


def test_values_beside_nodes_never_lie_on_each_other(open_story):
    page = open_story(crowded_story())
    boxes = page.evaluate("""() => [...document.querySelectorAll("svg .badge")].map((e) => {
      const b = e.getBoundingClientRect(); return [b.left, b.right, b.top, b.bottom]; })""")
    assert len(boxes) == 6
    for i, (left, right, top, bottom) in enumerate(boxes):
        for other in boxes[:i]:
            apart = left >= other[1] or right <= other[0] or top >= other[3] or bottom <= other[2]
            assert apart, (boxes[i], other)


def test_values_keep_clear_of_the_edges(open_story):
    """Beside a node from which an edge leaves aslant the words go to its other side."""
    left, right, x = StubOp("left"), StubOp("right"), StubOp("x")
    tops = [StubOp(f"top{i}", inputs=[x]) for i in range(2)]
    ops = [left, right, x, *tops, StubOp("out", inputs=[tops[0], right])]
    drawn = Diagram(ops)
    story = Story("Aslant", drawing=drawn.drawing, info=drawn.info)
    story.frame("all", labels=dict.fromkeys(drawn.info, "[1.0, 2.0]"))
    page = open_story(story)
    crossed = page.evaluate("""() => [...document.querySelectorAll("svg .badge")].filter((e) => {
      const b = e.getBoundingClientRect();
      return [...document.querySelectorAll("svg .edge path")].some((path) => {
        const m = path.getScreenCTM(), n = path.getTotalLength();
        for (let s = 0; s <= n; s += 2) {
          const p = path.getPointAtLength(s).matrixTransform(m);
          if (p.x > b.left && p.x < b.right && p.y > b.top + 2 && p.y < b.bottom - 2) return true;
        }
        return false; }); }).length""")
    assert page.locator("svg .badge").count() == 6
    assert crossed == 0


def crowded_story() -> Story:
    """Nodes side by side, each with a value wider than itself."""
    ops = [StubOp(f"n{i}") for i in range(5)]
    drawn = Diagram([*ops, StubOp("sum", inputs=ops)])
    story = Story("Crowded", drawing=drawn.drawing, info=drawn.info)
    story.frame("all", labels=dict.fromkeys(drawn.info, "[-1.85, -0.369]"))
    return story


def test_a_step_told_before_its_new_story_is_not_lost(page):
    """A notebook's front end may tell the two in any order."""
    data = small_story().to_dict()
    page.goto("about:blank")
    seen = page.evaluate(
        "(story) => {"
        + ESM.replace("export default { render };", "")
        + """
        const first = { ...story, frames: story.frames.slice(0, 1) }, told = {};
        const data = { story: first, step: 0 };
        render({ el: document.body, model: { get: (key) => data[key], off() {}, save_changes() {},
          set: (key, value) => { data[key] = value; }, on: (name, f) => { told[name] = f; } } });
        Object.assign(data, { story, step: 2 });
        told["change:step"]();
        told["change:story"]();
        return [data.step, document.querySelector(".cnt").textContent]; }""",
        data,
    )
    assert seen == [2, "3 / 4"]


def test_a_click_on_code_goes_to_the_first_frame_it_causes(open_story):
    page = open_story(small_story())
    page.locator(".ln", has_text="relu").click()
    assert count(page) == "3 / 4"
    assert page.locator(".ln.cur").get_attribute("aria-current") == "step"


def test_a_statement_in_several_lines_is_one(open_story):
    source = "x = 1\ny = tf.add(\n    x,\n    2)"
    story = Story("Long", lines=code_lines(source))
    for line in (0, 1):
        story.frame("a step", line=line)
    page = open_story(story)
    page.locator(".ln").nth(3).click()
    assert count(page) == "2 / 2"
    assert page.locator(".ln.cur").count() == 3
    assert page.locator(".ln:not(.done)").count() == 0


def test_a_click_on_a_node_shows_its_line_and_facts(open_story):
    page = open_story(small_story())
    node(page, "Relu").click()
    expect(page.locator(".ln.hit")).to_contain_text("relu")
    expect(page.locator(".tip")).to_contain_text("Relu")
    expect(page.locator(".tip")).to_contain_text("float32")
    expect(page.locator(".tip")).to_contain_text("(?, 2)")


def test_hover_and_focus_tell_the_value_of_this_step(open_story):
    page = open_story(small_story())
    node(page, "x").hover()
    expect(page.locator(".tip")).to_contain_text("value 0")
    node(page, "init").hover()
    expect(page.locator(".tip")).not_to_contain_text("value 4")
    press(page, "Last")
    node(page, "init").focus()
    expect(page.locator(".tip")).to_contain_text("value 4")
    assert "value value 4" in node(page, "init").get_attribute("aria-label")


def test_arrows_walk_through_the_nodes(open_story):
    page = open_story(small_story())
    page.locator("svg [tabindex='0']").focus()
    names = set()
    for _ in range(page.locator("svg [tabindex]").count()):
        names.add(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        page.keyboard.press("ArrowDown")
    assert any(name.startswith("layer/MatMul, MatMul, float32") for name in names)
    assert len(names) == page.locator("svg [tabindex]").count()


def test_a_variable_opens_and_folds_by_mouse_and_by_key(open_story):
    page = open_story(small_story())
    press(page, "Last")
    assert node(page, "read").count() == 0
    node(page, "W").locator(".fold").click()
    assert node(page, "read").count() == 1
    assert node(page, "Assign").count() == 1
    page.locator("svg .title[aria-label^='layer/W']").focus()
    page.keyboard.press("Enter")
    assert node(page, "read").count() == 0


def test_nothing_overlaps_when_boxes_open_and_fold(open_story):
    page = open_story(small_story())
    press(page, "Last")
    for name in ("W", "b"):
        node(page, name).locator(".fold").click()
        assert _overlaps(page) == []
    page.locator("svg .scope.open > .title .fold").first.click()
    assert _overlaps(page) == []


def _overlaps(page: Page) -> list[list[str]]:
    return page.evaluate("""() => {
      const boxes = [...document.querySelectorAll("svg .node:not(.open)")].map((n) =>
        [n.dataset.id, n.querySelector("rect, ellipse, path").getBoundingClientRect()]);
      const bad = [];
      for (const [a, p] of boxes) for (const [b, q] of boxes)
        if (a < b && p.left < q.right && q.left < p.right && p.top < q.bottom && q.top < p.bottom)
          bad.push([a, b]);
      return bad; }""")


def test_what_is_left_folded_is_told_to_everybody(open_story):
    page = open_story(small_story())
    assert page.locator(".left-out").count() == 0
    story = small_story()
    story.left_out = "90 of 100 nodes left folded: too many to draw."
    page = open_story(story)
    expect(page.get_by_text(story.left_out)).to_be_visible()
    assert f"<p>{story.left_out}</p>" in bundle(story)["text/html"]


def test_search_dims_the_rest(open_story):
    page = open_story(small_story())
    press(page, "Last")
    press(page, "Find")
    page.get_by_label("Find a node").fill("matmul")
    assert page.locator("svg .found").count() == 1
    expect(node(page, "x")).to_have_css("opacity", "0.12")
    page.get_by_label("Find a node").fill("w/read")
    expect(page.locator("svg .found")).to_have_attribute("aria-label", re.compile("^layer/W,"))
    page.keyboard.press("Escape")
    assert page.locator("svg .found").count() == 0


def test_edges_tell_shapes_when_asked(open_story):
    page = open_story(small_story())
    assert page.locator("svg .edge text").count() == 0
    press(page, "Shapes on edges")
    assert "(?, 2)" in page.locator("svg .edge text").all_text_contents()
    press(page, "Shapes on edges")
    assert page.locator("svg .edge text").count() == 0


def test_zoom_pan_and_fit(open_story):
    page = open_story(small_story())
    picture = page.locator("svg.pic-svg")
    fitted = picture.get_attribute("viewBox")
    page.locator(".pic").hover()
    press(page, "Zoom in")
    zoomed = picture.get_attribute("viewBox")
    assert float(zoomed.split()[2]) < float(fitted.split()[2])
    box = picture.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 80, box["y"] + 60)
    page.mouse.up()
    assert picture.get_attribute("viewBox") != zoomed
    press(page, "Fit")
    assert picture.get_attribute("viewBox") == fitted


def test_svg_is_downloaded_and_stands_alone(open_story, tmp_path):
    page = open_story(small_story())
    with page.expect_download() as waiting:
        press(page, "Download SVG")
    assert waiting.value.suggested_filename == "Building-1.svg"
    saved = tmp_path / "saved.svg"
    waiting.value.save_as(saved)
    text = saved.read_text()
    assert "stroke-dasharray" in text
    assert "tabindex" not in text
    page.goto(saved.as_uri())
    assert page.locator("text", has_text="MatMul").count() == 1


def test_svg_is_copied(open_story, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_story(small_story())
    press(page, "Copy as SVG")
    expect(page.locator(".cap")).to_contain_text("is on the clipboard as SVG")
    assert page.evaluate("navigator.clipboard.readText()").startswith("<svg")
    expect(page.locator(".cap")).to_contain_text("Line 1")


def test_a_converted_notebook_is_alive_without_a_request(page, tmp_path):
    """nbconvert keeps an output's HTML, scripts and all: the picture becomes a player."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    html = bundle(small_story())["text/html"]
    path = tmp_path / "converted.html"
    path.write_text(f"<!doctype html><meta charset=utf-8><body>{html}{html}")
    page.goto(path.as_uri())
    players = page.locator(".mtf")
    expect(players).to_have_count(2)
    players.nth(1).get_by_label("Last", exact=True).click()
    expect(players.nth(1).locator(".cnt")).to_have_text("4 / 4")
    expect(players.nth(0).locator(".cnt")).to_have_text("1 / 4")
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []


def test_nbconvert_makes_a_page_that_plays_without_network(page, tmp_path):
    import nbformat  # takes seconds to load, and so does nbconvert
    from nbconvert import HTMLExporter

    shown = nbformat.v4.new_output(
        "display_data", data=Player(small_story())._repr_mimebundle_()[0]
    )
    cell = nbformat.v4.new_code_cell("story", outputs=[shown])
    html, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    path = tmp_path / "notebook.html"
    path.write_text(html)
    page.context.set_offline(True)
    page.goto(path.as_uri())
    page.get_by_label("Last", exact=True).click()
    expect(page.locator(".cnt")).to_have_text("4 / 4")


def test_shapes_of_other_pictures_wear_the_same_meanings(open_story):
    """A story need not be about a graph: lanes and bars are shapes with the same marks."""
    bar = {"id": "bar", "kind": ["shape"], "x": 100, "y": 30, "w": 160, "h": 20}
    bar["shapes"] = [["rect", {"x": -80, "y": -10, "width": 160, "height": 20, "rx": 8}],
                     ["text", {"class": "mono", "y": 4}, "x = 3"]]  # fmt: skip
    drawing = {"w": 200, "h": 60, "items": [bar]}
    story = Story("Lives", drawing=drawing, info={"bar": {"name": "x"}}, start={"ghost": ["bar"]})
    story.frame("born", drop={"ghost": ["bar"]}, keep={"state": ["bar"]})
    page = open_story(story)
    expect(page.locator("svg .shape rect")).to_have_css("stroke", "rgb(163, 90, 0)")


def test_full_width(open_story):
    page = open_story(small_story())
    before = page.locator(".pic").bounding_box()["width"]
    press(page, "Full width")
    assert page.locator(".pic").bounding_box()["width"] > before * 1.5


def test_panel_shows_tables_with_heat(open_story):
    page = open_story(small_story())
    expect(page.locator(".val")).to_contain_text("Value of x")
    assert page.locator(".val td").all_inner_texts() == ["1.0", "0.0", "0.0", "1.0"]
    press(page, "Next")
    expect(page.locator(".val")).to_be_hidden()


def test_large_values_are_heat_maps_with_statistics(open_story):
    story = Story("Values")
    story.frame("big", panel=panel("h", cols=[values.table(np.arange(10_000.0).reshape(100, 100))]))
    page = open_story(story)
    assert page.locator(".val svg.map path").count() > 4
    assert "mean" in page.locator(".val .stats").inner_text()
