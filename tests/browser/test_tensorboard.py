"""TensorBoard itself, below a cell of JupyterLab and in its own tab, on a real training's logs."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from widgets import tensorboard

NOTEBOOK = "watching.ipynb"
TRAINING = """
import minitf as tf, numpy as np
from widgets import tensorboard

tf.set_random_seed(1)
x = tf.placeholder(tf.float32, [None, 64], name="x")
y = tf.placeholder(tf.int64, [None], name="y")
with tf.device("/cpu:0"):
    hidden = tf.layers.dense(x, 16, activation=tf.nn.relu, name="hidden")
logits = tf.layers.dense(hidden, 10, name="logits")
loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
step = tf.train.AdamOptimizer(0.01).minimize(loss)
tf.summary.scalar("loss/train", loss)
tf.summary.histogram("hidden/activations", hidden)
tf.summary.image("x/read", tf.reshape(x, [-1, 8, 8, 1]), max_outputs=2)
merged = tf.summary.merge_all()
draw = np.random.RandomState(0)
feed = {x: draw.rand(50, 64), y: draw.randint(0, 10, 50)}
options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
with tf.Session() as sess, tf.summary.FileWriter("logs/digits", sess.graph) as writer:
    sess.run(tf.global_variables_initializer())
    for i in range(30):
        writer.add_summary(sess.run([merged, step], feed)[0], i)
    metadata = tf.RunMetadata()
    sess.run(step, feed, options, metadata)
    writer.add_run_metadata(metadata, "step 30", 30)
"""


def picture(page, name):
    """A screenshot to look at, where MINITF_SCREENSHOTS names a folder."""
    folder = os.environ.get("MINITF_SCREENSHOTS")
    if folder:
        page.wait_for_timeout(1500)
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """TensorBoard on the logs of a small training."""
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("training"))
    try:
        exec(compile(TRAINING, "training", "exec"), {})
        shown = tensorboard("logs")
    finally:
        os.chdir(before)
    yield shown
    shown.stop()


def test_below_a_cell(lab):
    board = "board = tensorboard('logs')\nboard"
    lab.write_notebook(NOTEBOOK, [TRAINING, board, "board.stop()"])
    lab.open_notebook(NOTEBOOK)
    lab.set_theme("dark")
    lab.command("notebook:run-cell-and-select-next")
    lab.command("notebook:run-cell-and-select-next")
    output = lab.cell(1).locator(".mtf-tb")
    frame = output.frame_locator("iframe")
    expect(frame.get_by_text("loss/train").first).to_be_visible()
    expect(frame.locator("body.dark-mode")).to_have_count(1)  # as JupyterLab is
    picture(lab.page, "tensorboard-below-a-cell")
    lab.command("notebook:run-cell-and-select-next")
    expect(output).to_contain_text("was stopped. Run the cell again")
    assert lab.errors() == []


def test_time_series(page, server):
    page.goto(f"{server.url}#timeseries")
    cards = page.locator("card-view")
    expect(cards.filter(has_text="hidden/activations")).to_have_count(1)
    expect(cards.filter(has_text="loss/train").locator("line-chart")).to_be_visible()
    picture(page, "tensorboard-time-series")


def test_graph_with_shapes_scopes_devices_time_and_memory(page, server):
    page.goto(f"{server.url}#graphs&run=digits")
    hidden = page.locator("g.nodes g.node").filter(has_text="hidden").first
    expect(hidden).to_be_visible()
    controls = page.locator("tf-graph-controls")
    controls.locator("paper-dropdown-menu").nth(1).click()
    controls.locator("paper-item").filter(has_text="step 30").click()
    for colours, legend in (("Compute time", "µs"), ("Memory", "B"), ("Device", "device:CPU:0")):
        controls.locator("paper-radio-button").filter(has_text=colours).click()
        expect(controls.locator(".legend-holder")).to_contain_text(legend)
        picture(page, f"tensorboard-graph-{colours.partition(' ')[0].lower()}")
    hidden.click()
    facts = page.locator("tf-graph-info")
    for words in ("Subgraph: 27 nodes", "?×64", "Memory", "Compute Time"):
        expect(facts).to_contain_text(words)
    hidden.dblclick()
    expect(page.locator("g.nodes g.node").filter(has_text="BiasAdd").last).to_be_visible()
    picture(page, "tensorboard-graph-open")
