"""A story's forms: the widget's mime bundle, sanitised HTML, a page; and static drawings."""

import base64
import re
import xml.etree.ElementTree as ET

import pytest

import minitf as tf
import widgets
from tests.widgets.stubs import MARKUP
from widgets.story import Story, b


@pytest.fixture
def story():
    tf.constant(5) + 5
    return widgets.building()


def without_pictures(html):
    return re.sub(r"base64,[A-Za-z0-9+/=]+", "", html)


def test_the_bundle_has_a_widget_a_stable_text_and_html(story):
    data, _ = widgets.show(story)._repr_mimebundle_()
    assert set(data) == {
        "application/vnd.jupyter.widget-view+json", "text/plain", "text/html",
    }  # fmt: skip
    assert data["text/plain"] == "Story 'Building': 2 frames"
    assert "0x" not in without_pictures(data["text/html"])


def test_html_is_the_same_each_time_but_for_its_pictures(story):
    first, _ = widgets.show(story)._repr_mimebundle_()
    second, _ = widgets.show(story)._repr_mimebundle_()
    assert without_pictures(first["text/html"]) == without_pictures(second["text/html"])
    assert first["text/plain"] == second["text/plain"]


def test_html_keeps_its_meaning_without_scripts(story):
    html = widgets.show(story)._repr_mimebundle_()[0]["text/html"]
    still = re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
    assert "<svg" not in still
    assert all(caption in still for caption in story.captions())
    data = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', still)
    picture = ET.fromstring(base64.b64decode(data[1]))
    assert "Const" in "".join(picture.itertext())


@pytest.mark.parametrize("text", MARKUP)
def test_html_escapes_captions_and_titles(text):
    story = Story(text, text)
    story.frame(text, b(text))
    html = widgets.show(story)._repr_mimebundle_()[0]["text/html"]
    assert html.count("<script>") == html.count("</script>") == 1
    still = re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
    assert set(re.findall(r"<\s*/?\s*([a-zA-Z]+)", still)) == {
        "div", "p", "b", "img", "details", "summary", "ol", "li",
    }  # fmt: skip


@pytest.mark.parametrize("text", MARKUP)
def test_a_page_keeps_its_data_inside_its_script(text, tmp_path):
    story = Story(text, text)
    story.frame(text)
    page = widgets.to_html(story, tmp_path / "page.html").read_text()
    assert len(re.findall(r"</script", page)) == 2
    assert len(re.findall(r"</style", page)) == 1


def test_a_page_that_cannot_be_written_leaves_no_trace(story, tmp_path):
    target = tmp_path / "page.html"
    target.mkdir()
    with pytest.raises(OSError, match="directory"):
        widgets.to_html(story, target)
    assert list(tmp_path.iterdir()) == [target]


def test_a_graph_or_what_a_tensor_needs_is_drawn(tmp_path):
    a = tf.constant(5, name="a")
    b = tf.add(a, 1, name="b")
    tf.constant(7, name="lonely")
    assert repr(widgets.show()) == "Graph: 4 nodes"
    assert repr(widgets.show(b)) == "Part of a graph: 3 nodes"
    assert repr(widgets.show([a, b.op])) == "Part of a graph: 3 nodes"
    assert "lonely" not in widgets.show(b).svg
    bundle = widgets.show(b)._repr_mimebundle_()
    assert bundle["text/html"].startswith('<img alt="Part of a graph: 3 nodes"')
    assert set(bundle) == {"text/plain", "text/html"}
    with pytest.raises(TypeError, match="a graph, a tensor or an operation, not int"):
        widgets.show(3)


def test_an_empty_graph_says_so():
    drawn = widgets.show(tf.Graph())
    html = "<p>The graph is empty: no node yet.</p>"
    assert drawn._repr_mimebundle_() == {"text/plain": "Graph: no nodes", "text/html": html}


def test_a_drawing_has_a_dark_form_with_the_same_words():
    tf.constant("#fff #1f2328", name="a")
    drawn = widgets.show()
    pictures = re.findall(
        r'"data:image/svg\+xml;base64,([^"]+)"', drawn._repr_mimebundle_()["text/html"]
    )
    light, dark = (base64.b64decode(one).decode() for one in pictures)
    assert light == drawn.svg
    words = ["".join(ET.fromstring(one).find("{*}g").itertext()) for one in (light, dark)]
    assert words[0] == words[1]
    assert "#fff" in words[0]
    colours = [
        set(re.findall("#[0-9a-f]{3,6}", one.partition("</style>")[0])) for one in (light, dark)
    ]
    assert colours[0].isdisjoint(colours[1])


STARTS = {".svg": b"<svg", ".png": b"\x89PNG", ".dot": b"digraph", ".pdf": b"%PDF"}


@pytest.mark.parametrize(("ending", "start"), STARTS.items())
def test_drawings_are_saved_by_their_ending(tmp_path, ending, start):
    tensor = tf.constant(5, name="a") + 1
    path = widgets.render(tmp_path / f"graph{ending}", tensor)
    assert path.read_bytes().startswith(start)


def test_an_unknown_ending_is_told(tmp_path):
    tf.constant(5)
    with pytest.raises(
        ValueError, match=r"cannot draw a '.gif' file: use .svg, .png, .pdf or .dot"
    ):
        widgets.render(tmp_path / "graph.gif")


def test_a_scope_alone_is_drawn():
    with tf.name_scope("layer"):
        tf.constant(5, name="inside")
    tf.constant(7, name="outside")
    drawn = widgets.show(scope="layer")
    assert repr(drawn) == "Part of a graph: 1 node"
    assert "outside" not in drawn.svg
    with pytest.raises(ValueError, match="nothing is inside the scope 'nowhere'"):
        widgets.show(scope="nowhere")


def test_edges_tell_shapes_when_asked():
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    tf.add(x, x, name="y")
    label = '<text class="small halo"'
    assert label not in widgets.show().svg
    assert label in widgets.show(shapes=True).svg


def test_a_player_can_be_given_another_story(story):
    player = widgets.show(story)
    other = Story("Other")
    other.frame("one")
    other.frame("two")
    player.update(other)
    assert (player.story["title"], player.step) == ("Other", 1)
    assert player._repr_mimebundle_()[0]["text/plain"] == "Story 'Other': 2 frames"
    player.update(story, step=0)
    assert player.step == 0
