"""What to expect of examples, and the functions that parse them accordingly."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from minitf import dtypes
from minitf.dtypes import DType
from minitf.graph import name_scope
from minitf.op import convert_to_tensor
from minitf.ops.asserting import Assert
from minitf.ops.constants import constant
from minitf.ops.examples import ParseExampleV2, ParseSequenceExampleV2
from minitf.ops.grouping import with_dependencies
from minitf.ops.logic import equal
from minitf.ops.shapes import rank, reshape
from minitf.ops.sparse_merging import sparse_merge
from minitf.shape import TensorShape, as_shape
from minitf.sparse_tensor import SparseTensor
from minitf.tensor import Tensor


class VarLenFeature(NamedTuple):
    """Any number of values: a sparse tensor."""

    dtype: Any


class FixedLenFeature(NamedTuple):
    """Values of one shape; examples may lack the feature where there is a `default_value`."""

    shape: Any
    dtype: Any
    default_value: Any = None


class FixedLenSequenceFeature(NamedTuple):
    """Any number of rows of one shape; those of a batch are filled up with `default_value`."""

    shape: Any
    dtype: Any
    allow_missing: bool = False
    default_value: Any = None


class SparseFeature(NamedTuple):
    """A sparse tensor's indices and values as features of their own; `size` is its shape."""

    index_key: Any
    value_key: Any
    dtype: Any
    size: Any
    already_sorted: bool = False


class _Expected:
    """The features that an op is to find, those that become sparse and those that become dense."""

    def __init__(self, features: Any, kinds: tuple[type, ...]) -> None:
        """Raises ValueError for features that are of another kind, or contradict one another."""
        self.sparse: dict[str, Any] = {}
        self.dense: dict[str, Any] = {}
        self.defaults: dict[str, Any] = {}
        for key in sorted(features or {}):
            feature = features[key]
            if not isinstance(feature, kinds):
                raise ValueError(f"Unsupported {type(feature).__name__} {feature} for key '{key}'")
            self._add(key, feature)
        both = self.dense.keys() & self.sparse.keys()
        if both:
            raise ValueError(
                "Dense and sparse keys must not intersect; dense_keys: "
                f"{list(self.dense)}, sparse_keys: {list(self.sparse)}, intersection: {both}"
            )

    def _add(self, key: str, feature: Any) -> None:
        if isinstance(feature, SparseFeature):
            for part in ("index_key", "value_key"):
                if not getattr(feature, part):
                    raise ValueError(f"Missing {part} for SparseFeature {feature}.")
        if not feature.dtype:
            raise ValueError(f"Missing type for feature {key}. Received feature={feature}")
        if isinstance(feature, VarLenFeature):
            self._add_sparse(key, feature.dtype)
        elif isinstance(feature, SparseFeature):
            for index_key in sorted(_index_keys(feature)):
                self._add_sparse(index_key, dtypes.int64)
            self._add_sparse(feature.value_key, feature.dtype)
        else:
            self._add_dense(key, feature)

    def _add_sparse(self, key: str, dtype: Any) -> None:
        known = self.sparse.setdefault(key, dtype)
        if known != dtype:
            raise ValueError(f"Conflicting type {known} vs {dtype} for feature {key}.")

    def _add_dense(self, key: str, feature: Any) -> None:
        if feature.shape is None:
            raise ValueError(f"Missing shape for feature {key}. Received feature={feature}.")
        shape = as_shape(feature.shape)
        if isinstance(feature, FixedLenFeature):
            if shape.rank and shape[0].value is None:
                raise ValueError(
                    f"First dimension of shape for feature {key} unknown. Consider using "
                    f"FixedLenSequenceFeature. Received feature={feature}."
                )
            if not shape.is_fully_defined():
                raise ValueError(
                    f"All dimensions of shape for feature {key} need to be known but received "
                    f"{feature.shape}."
                )
        elif feature.allow_missing:
            self.defaults[key] = None
        if feature.default_value is not None:
            self.defaults[key] = feature.default_value
        self.dense[key] = (dtypes.as_dtype(feature.dtype), shape)

    @property
    def sparse_types(self) -> list[DType]:
        return [dtypes.as_dtype(dtype) for dtype in self.sparse.values()]

    @property
    def dense_types(self) -> list[DType]:
        return [dtype for dtype, _ in self.dense.values()]

    @property
    def dense_shapes(self) -> list[TensorShape]:
        return [shape for _, shape in self.dense.values()]

    def default_tensors(self) -> list[Tensor]:
        return [self._default(key, *spec) for key, spec in self.dense.items()]

    def _default(self, key: str, dtype: DType, shape: TensorShape) -> Tensor:
        value, word = self.defaults.get(key), re.sub(r"[^A-Za-z0-9_.\-/]", "_", key)
        if shape.rank and shape[0].value is None:
            if value is None:
                return convert_to_tensor("" if dtype is dtypes.string else 0, dtype)
            return reshape(convert_to_tensor(value, dtype, name=f"padding_{word}"), [])
        if value is None:
            return constant([], dtype=dtype)
        if isinstance(value, Tensor):
            return value
        return reshape(convert_to_tensor(value, dtype, name=f"key_{word}"), shape)


def _index_keys(feature: SparseFeature) -> list[str]:
    keys = feature.index_key
    return [keys] if isinstance(keys, str) else list(keys)


def _sparse_tensors(indices: list[Any], values: list[Any], shapes: list[Any]) -> list[Any]:
    return [SparseTensor(*parts) for parts in zip(indices, values, shapes, strict=True)]


def _with_sparse_features(features: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """What was found, with each SparseFeature put together from its parts."""
    merged = {}
    for key in sorted(features):
        feature = features[key]
        if isinstance(feature, SparseFeature):
            keys = feature.index_key
            ids = found[keys] if isinstance(keys, str) else [found[k] for k in keys]
            merged[key] = sparse_merge(
                ids, found[feature.value_key], vocab_size=feature.size,
                already_sorted=feature.already_sorted,
            )  # fmt: skip
    found = found | merged
    return {key: value for key, value in found.items() if key in features}


def _open_ended(key: str, feature: Any) -> Any:
    """A sequence's feature with its number of rows as an open first size."""
    if not isinstance(feature, FixedLenSequenceFeature):
        return feature
    if not feature.allow_missing:
        raise ValueError("Unsupported: FixedLenSequenceFeature requires allow_missing to be True.")
    return feature._replace(shape=[None, *list(feature.shape)])


def parse_example(
    serialized: Any, features: Any, name: str | None = None, example_names: Any = None
) -> dict[str, Any]:
    """The features of an Example, or of each in a vector of them, by their names.

    `features` says what each is: FixedLenFeature and FixedLenSequenceFeature give tensors,
    VarLenFeature and SparseFeature sparse tensors. Raises ValueError for anything else; a run
    fails for an example that is otherwise.
    """
    if not features:
        raise ValueError(f"Argument `features` cannot be None or falsy. Got {features}")
    features = {key: _open_ended(key, feature) for key, feature in features.items()}
    kinds = (VarLenFeature, SparseFeature, FixedLenFeature, FixedLenSequenceFeature)
    expected = _Expected(features, kinds)
    with name_scope(name, "ParseExample", [serialized, example_names]):
        serialized = convert_to_tensor(serialized, name="serialized")
        indices, values, shapes, dense, _, _ = ParseExampleV2(
            serialized, [] if example_names is None else example_names, list(expected.sparse),
            list(expected.dense), [], expected.default_tensors(),
            num_sparse=len(expected.sparse), sparse_types=expected.sparse_types,
            ragged_value_types=[], ragged_split_types=[], dense_shapes=expected.dense_shapes,
            name=name,
        )  # fmt: skip
        tensors = _sparse_tensors(indices, values, shapes) + dense
    found = dict(zip([*expected.sparse, *expected.dense], tensors, strict=True))
    return _with_sparse_features(features, found)


def parse_single_example(
    serialized: Any, features: Any, name: str | None = None, example_names: Any = None
) -> dict[str, Any]:
    """The features of one Example; as `parse_example`, which takes vectors, too."""
    if features is None or not features:
        raise ValueError(
            f"Invalid argument: features cannot be {'None' if features is None else 'empty'}."
        )
    with name_scope(name, "ParseSingleExample", [serialized, example_names]):
        serialized = _as_scalar(convert_to_tensor(serialized, name="serialized"))
        return parse_example(serialized, features, name, example_names)


def _as_scalar(serialized: Tensor) -> Tensor:
    known = serialized.shape.rank
    if known is None:
        check = Assert(
            equal(rank(serialized), 0), ["Input serialized must be a scalar"],
            name="SerializedIsScalar",
        )  # fmt: skip
        result = with_dependencies([check], serialized, name="serializedDependencies")
        result.set_shape([])
        return result
    if known:
        raise ValueError("Input serialized must be a scalar")
    return serialized


def parse_single_sequence_example(
    serialized: Any,
    context_features: Any = None,
    sequence_features: Any = None,
    example_name: Any = None,
    name: str | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The context's features of one SequenceExample, and those of its steps.

    Raises ValueError where none are asked for; a run fails for an example that is otherwise.
    """
    context, lists = _sequence_features(
        context_features, sequence_features, "context_features and sequence_features are"
    )
    with name_scope(name, "ParseSingleSequenceExample", [serialized, example_name]):
        with name_scope(name, "ParseSingleExample", [serialized, example_name]):
            serialized = _as_scalar(convert_to_tensor(serialized, name="serialized"))
        return _parsed_sequence(serialized, example_name, context, lists, name)[:2]


def parse_sequence_example(
    serialized: Any,
    context_features: Any = None,
    sequence_features: Any = None,
    example_names: Any = None,
    name: str | None = None,
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The same of each in a vector of SequenceExamples, and the lengths of dense lists."""
    context, lists = _sequence_features(
        context_features,
        sequence_features,
        "`context_features` and `sequence_features` argument are",
    )
    with name_scope(name, "ParseSequenceExample", [serialized, example_names]):
        return _parsed_sequence(serialized, example_names, context, lists, name)


def _sequence_features(context: Any, steps: Any, words: str) -> tuple[_Expected, _Expected]:
    if not (context or steps):
        raise ValueError(f"Both {words} None, but at least one should have values.")
    return (
        _Expected(context, (VarLenFeature, FixedLenFeature)),
        _Expected(steps, (VarLenFeature, FixedLenSequenceFeature)),
    )


def _parsed_sequence(
    serialized: Any, names: Any, context: _Expected, lists: _Expected, name: str | None
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    with name_scope(name, "ParseSequenceExample", [serialized]):
        for key, value in lists.defaults.items():
            if value is not None:
                raise ValueError(f"Value feature_list.dense_defaults[{key}] must be None")
        serialized = convert_to_tensor(serialized, name="serialized")
        outputs = ParseSequenceExampleV2(
            serialized, [] if names is None else names, list(context.sparse), list(context.dense),
            [], list(lists.sparse), list(lists.dense), [],
            [key in lists.defaults for key in lists.dense], context.default_tensors(),
            Ncontext_sparse=len(context.sparse), Nfeature_list_sparse=len(lists.sparse),
            Nfeature_list_dense=len(lists.dense), context_sparse_types=context.sparse_types,
            feature_list_dense_types=lists.dense_types,
            feature_list_sparse_types=lists.sparse_types,
            context_dense_shapes=context.dense_shapes,
            feature_list_dense_shapes=lists.dense_shapes, name=name,
        )  # fmt: skip
        sparse, dense = _sparse_tensors(*outputs[:3]), outputs[3]
        list_sparse, list_dense = _sparse_tensors(*outputs[6:9]), outputs[9]
        found = dict(zip([*context.sparse, *context.dense], sparse + dense, strict=True))
        steps = dict(zip([*lists.sparse, *lists.dense], list_sparse + list_dense, strict=True))
        return found, steps, dict(zip(lists.dense, outputs[10], strict=True))
