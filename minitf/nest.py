"""Nested lists, tuples, named tuples and dicts: taken apart, put together, compared.

What is none of these is a leaf. A dict's values stand in the order of its sorted keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MappingView
from typing import Any

# Values made of several tensors: for each type its parts, and the value of other such parts.
_composites: dict[type, tuple[Callable[[Any], list[Any]], Callable[[Any, list[Any]], Any]]] = {}


def register_composite(
    kind: type, parts: Callable[[Any], list[Any]], rebuild: Callable[[Any, list[Any]], Any]
) -> None:
    """Lets `expand_composites=True` take values of a type apart into their tensors."""
    _composites[kind] = (parts, rebuild)


def is_nested(value: Any) -> bool:
    """Whether `value` has an inside: a list, a tuple or a dict."""
    return isinstance(value, (list, tuple, Mapping, MappingView))


def _children(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        try:
            return [value[key] for key in sorted(value)]
        except TypeError:
            raise TypeError("nest only supports dicts with sortable keys.") from None
    return list(value)


def _composite(value: Any) -> Any:
    return next((entry for kind, entry in _composites.items() if isinstance(value, kind)), None)


def _part_count(value: Any) -> int:
    """How many tensors a value is made of; 0 for a plain leaf."""
    entry = _composite(value)
    return len(entry[0](value)) if entry else 0


def _leaves(structure: Any, expand: bool) -> Iterator[Any]:
    if is_nested(structure):
        for child in _children(structure):
            yield from _leaves(child, expand)
    elif expand and (entry := _composite(structure)):
        yield from entry[0](structure)
    else:
        yield structure


def flatten(structure: Any, expand_composites: bool = False) -> list[Any]:
    """The leaves in order; a leaf alone is a list of one."""
    return list(_leaves(structure, expand_composites))


def flatten_up_to(shallow_structure: Any, input_structure: Any) -> list[Any]:
    """What stands in `input_structure` where `shallow_structure` has its leaves."""
    if not is_nested(shallow_structure):
        return [input_structure]
    if not is_nested(input_structure) or len(shallow_structure) != len(input_structure):
        raise ValueError(_misfit(shallow_structure, input_structure))
    pairs = zip(_children(shallow_structure), _children(input_structure), strict=True)
    return [leaf for pair in pairs for leaf in flatten_up_to(*pair)]


def pack_sequence_as(structure: Any, flat_sequence: Any, expand_composites: bool = False) -> Any:
    """`flat_sequence` in the nesting of `structure`; ValueError when it has another length."""
    if isinstance(flat_sequence, (str, bytes)) or not hasattr(flat_sequence, "__iter__"):
        raise TypeError(
            f"Attempted to pack value:\n  {flat_sequence}\ninto a structure, but found "
            f"incompatible type `{type(flat_sequence)}` instead."
        )
    flat = list(flat_sequence)
    wanted = len(flatten(structure, expand_composites))
    if wanted != len(flat):
        raise ValueError(
            f"Could not pack sequence. Structure had {wanted} atoms, but flat_sequence had "
            f"{len(flat)} items.  Structure: {structure}, flat_sequence: {flat}."
        )
    items = iter(flat)
    return _packed(structure, items, expand_composites)


def _packed(structure: Any, items: Iterator[Any], expand: bool) -> Any:
    if is_nested(structure):
        return _like(structure, [_packed(c, items, expand) for c in _children(structure)])
    if expand and (entry := _composite(structure)):
        return entry[1](structure, [next(items) for _ in entry[0](structure)])
    return next(items)


def _like(structure: Any, children: list[Any]) -> Any:
    """`children` in a container of the same kind as `structure`."""
    kind: Any = type(structure)
    if isinstance(structure, Mapping):
        values = dict(zip(sorted(structure), children, strict=True))
        ordered = [(key, values[key]) for key in structure]
        if hasattr(structure, "default_factory"):
            return kind(structure.default_factory, ordered)
        return kind(ordered)
    if hasattr(structure, "_fields"):
        return kind(*children)
    return children if isinstance(structure, MappingView) else kind(children)


def map_structure(function: Callable[..., Any], *structures: Any, **options: Any) -> Any:
    """`function` of the leaves that stand at one place in each structure, in that nesting."""
    if not callable(function):
        raise TypeError(f"func must be callable, got: {function}")
    if not structures:
        raise ValueError("Must provide at least one structure")
    check_types = options.pop("check_types", True)
    expand = options.pop("expand_composites", False)
    if options:
        raise ValueError(
            "Only valid keyword arguments are `check_types` and `expand_composites`, not: "
            f"`{'`, `'.join(options)}`"
        )
    for other in structures[1:]:
        assert_same_structure(structures[0], other, check_types, expand)
    columns = [flatten(structure, expand) for structure in structures]
    results = [function(*leaves) for leaves in zip(*columns, strict=True)]
    return pack_sequence_as(structures[0], results, expand)


def assert_same_structure(
    nest1: Any, nest2: Any, check_types: bool = True, expand_composites: bool = False
) -> None:
    """Raises ValueError for another nesting, TypeError for another type of container."""
    try:
        _compare(nest1, nest2, check_types, expand_composites)
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"{_misfit(nest1, nest2)}\n\nMore specifically: {error}\n"
            f"Entire first structure:\n{_outline(nest1)}\n"
            f"Entire second structure:\n{_outline(nest2)}"
        ) from None


def _compare(a: Any, b: Any, check_types: bool, expand: bool) -> None:
    if is_nested(a) != is_nested(b):
        inner, leaf = (a, b) if is_nested(a) else (b, a)
        raise ValueError(
            f'Substructure "{_shown(inner)}" is a sequence, while substructure "{_shown(leaf)}" '
            "is not"
        )
    if not is_nested(a):
        if expand and _part_count(a) != _part_count(b):
            raise ValueError(f"{_shown(a)} and {_shown(b)} are not made of the same tensors")
        return
    if check_types and _kind(a) is not _kind(b):
        raise TypeError(
            "The two namedtuples don't have the same sequence type. First structure "
            f"{_shown(a)} has type {type(a).__name__}, while second structure {_shown(b)} has "
            f"type {type(b).__name__}"
        )
    if isinstance(a, Mapping) and isinstance(b, Mapping) and set(a) != set(b):
        raise ValueError(
            "The two dictionaries don't have the same set of keys. First structure has keys "
            f"{_shown(list(a))}, while second structure has keys {_shown(list(b))}"
        )
    if len(a) != len(b):
        raise ValueError(
            "The two structures don't have the same number of elements. First structure: "
            f"{_shown(a)}. Second structure: {_shown(b)}"
        )
    for x, y in zip(_children(a), _children(b), strict=True):
        _compare(x, y, check_types, expand)


def _kind(value: Any) -> type:
    return dict if isinstance(value, Mapping) else type(value)


def _shown(value: Any) -> str:
    return f"type={type(value).__name__} str={value}"


class _Dot:
    """What stands for a leaf in an outline."""

    def __repr__(self) -> str:
        return "."


def _outline(structure: Any) -> Any:
    """The nesting, with a dot for each leaf."""
    return pack_sequence_as(structure, [_Dot() for _ in flatten(structure)])


def _misfit(a: Any, b: Any) -> str:
    return (
        "The two structures don't have the same nested structure.\n\n"
        f"First structure: {_shown(a)}\n\nSecond structure: {_shown(b)}"
    )
