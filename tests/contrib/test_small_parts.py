"""Parts of tf.contrib that need no graph, and metrics under their former names."""

import json

import numpy as np
import pytest

import minitf as tf
from minitf.contrib import learn
from minitf.contrib.tensorboard.plugins import projector

TEXTS = ["the cat sat", "The cat ate the cat's dinner", "a dog"]


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        yield


def test_texts_become_rows_of_word_numbers():
    processor = learn.preprocessing.VocabularyProcessor(5)
    rows = np.array(list(processor.fit_transform(TEXTS)))
    assert rows.dtype == np.int64
    assert rows.tolist() == [[1, 2, 3, 0, 0], [4, 2, 5, 1, 6], [8, 9, 0, 0, 0]]
    assert len(processor.vocabulary_) == 10
    assert next(iter(processor.transform(["the bird sat"]))).tolist() == [1, 0, 3, 0, 0]
    assert list(processor.reverse([[2, 0]])) == ["cat <UNK>"]


def test_rare_words_are_left_out_and_frequent_ones_come_first():
    processor = learn.preprocessing.VocabularyProcessor(3, min_frequency=1)
    rows = list(processor.fit_transform(["b a b c a", "b d"]))
    assert [row.tolist() for row in rows] == [[1, 2, 1], [1, 0, 0]]
    letters = learn.preprocessing.VocabularyProcessor(
        4, tokenizer_fn=lambda texts: map(list, texts)
    )
    assert next(letters.fit_transform(["aba"])).tolist() == [1, 2, 1, 0]


def test_a_vocabulary_is_kept_in_a_file(tmp_path):
    path = tmp_path / "vocabulary"
    processor = learn.preprocessing.VocabularyProcessor(4).fit(TEXTS)
    processor.save(path)
    assert json.loads(path.read_text())["words"][:3] == ["<UNK>", "the", "cat"]
    again = learn.preprocessing.VocabularyProcessor.restore(path)
    assert [r.tolist() for r in again.transform(TEXTS)] == [
        r.tolist() for r in processor.transform(TEXTS)
    ]
    assert next(iter(again.transform(["unknown"]))).tolist() == [0, 0, 0, 0]


def test_words_are_found_as_tensorflow_found_them():
    words = learn.preprocessing.tokenizer(["HTTPServer isn't re-read, X 42"])
    assert next(words) == ["HTTP", "Server", "isn't", "re-read", "X", "42"]
    assert next(learn.preprocessing.tokenizer(["IBM helloWorld CamelCase"])) == [
        "IBM", "helloWorld", "Camel", "Case",
    ]  # fmt: skip


def test_the_projector_is_told_of_embeddings(tmp_path):
    config = projector.ProjectorConfig()
    embedding = config.embeddings.add()
    embedding.tensor_name = "words:0"
    embedding.metadata_path = "labels.tsv"
    embedding.sprite.single_image_dim.extend([28, 28])
    with tf.summary.FileWriter(tmp_path) as writer:
        tf.contrib.tensorboard.plugins.projector.visualize_embeddings(writer, config)
    text = (tmp_path / "projector_config.pbtxt").read_text()
    assert 'tensor_name: "words:0"' in text
    assert "single_image_dim: 28" in text


def test_metrics_take_predictions_first():
    predictions, labels = tf.constant([1, 0, 1, 1]), tf.constant([1, 1, 0, 1])
    found = [
        tf.contrib.metrics.streaming_accuracy(predictions, labels),
        tf.contrib.metrics.streaming_precision(predictions, labels),
        tf.contrib.metrics.streaming_recall(predictions, labels),
        tf.contrib.metrics.streaming_mean(tf.constant([1.0, 3.0])),
    ]
    of_batch = tf.contrib.metrics.accuracy(predictions, labels)
    weighted = tf.contrib.metrics.accuracy(predictions, labels, tf.constant([1.0, 1, 0, 0]))
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        updates = sess.run([update for _, update in found])
        np.testing.assert_allclose(updates, [0.5, 2 / 3, 2 / 3, 2.0], rtol=1e-6)
        assert sess.run([of_batch, weighted]) == [0.5, 0.5]
    assert found[0][0].op.name == "accuracy/value"
    with pytest.raises(ValueError, match="Labels should have bool"):
        tf.contrib.metrics.accuracy(tf.constant([1.0]), tf.constant([1.0]))


def test_hyperparameters():
    params = tf.contrib.training.HParams(rate=0.1, layers=[8, 4], name="net", wide=True, steps=5)
    assert (params.rate, params.layers, "steps" in params) == (0.1, [8, 4], True)
    params.parse("rate=0.5,layers=[1,2,3],name=other,wide=false,steps=7")
    params.parse("layers[1]=9")
    assert params.values() == {
        "rate": 0.5, "layers": [1, 9, 3], "name": "other", "wide": False, "steps": 7,
    }  # fmt: skip
    params.set_hparam("rate", 2)
    assert params.rate == 2.0
    assert json.loads(params.to_json())["steps"] == 7
    params.parse_json('{"steps": 9}').override_from_dict({"name": "last"})
    assert (params.get("steps"), params.get("none", 3), params.name) == (9, 3, "last")
    params.del_hparam("wide")
    assert "wide" not in params
    for wrong, words in (
        ("none=1", "Unknown hyperparameter"),
        ("steps=x", "Could not parse"),
        ("steps==", "Could not parse"),
        ("!", "Malformed"),
    ):
        with pytest.raises(ValueError, match=words):
            params.parse(wrong)
    for name, value in (("steps", 1.5), ("steps", "x"), ("rate", True), ("layers", 3)):
        with pytest.raises(ValueError, match=name):
            params.set_hparam(name, value)
    with pytest.raises(ValueError, match="reserved"):
        params.add_hparam("rate", 1)


def test_protos_of_tensors():
    proto = tf.contrib.util.make_tensor_proto([1, 2])
    assert tf.contrib.util.make_ndarray(proto).tolist() == [1, 2]
    assert tf.contrib.util.constant_value(tf.constant(3)) == 3


def test_cells_project_inputs_and_outputs():
    cell = tf.contrib.rnn.OutputProjectionWrapper(
        tf.contrib.rnn.InputProjectionWrapper(tf.contrib.rnn.GRUCell(3), 4, tf.nn.relu), 2
    )
    outputs, state = tf.nn.dynamic_rnn(cell, tf.ones([5, 6, 7]), dtype=tf.float32)
    assert outputs.shape.as_list() == [5, 6, 2]
    assert state.shape.as_list() == [5, 3]
    names = [
        v.op.name.removeprefix("rnn/output_projection_wrapper/") for v in tf.global_variables()
    ]
    inner = "input_projection_wrapper"
    assert names == [
        f"{inner}/kernel", f"{inner}/bias", f"{inner}/gru_cell/gates/kernel",
        f"{inner}/gru_cell/gates/bias", f"{inner}/gru_cell/candidate/kernel",
        f"{inner}/gru_cell/candidate/bias", "kernel", "bias",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="output_size must be > 0"):
        tf.contrib.rnn.OutputProjectionWrapper(cell, 0)
