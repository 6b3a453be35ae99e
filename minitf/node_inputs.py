"""The inputs of a node out of a file, held against its op's signature."""

from __future__ import annotations

from typing import Any

from minitf.op import Op


def grouped_inputs(definition: Op, attrs: dict[str, Any], inputs: list[Any]) -> list[Any]:
    """The inputs as the signature groups them; ValueError where number or types differ."""
    counts = []
    for arg in definition.inputs:
        if arg.type_list_attr:
            counts.append(len(attrs[arg.type_list_attr]))
        else:
            counts.append(attrs[arg.number_attr] if arg.number_attr else 1)
    if sum(counts) != len(inputs):
        raise ValueError(
            f"NodeDef expected inputs '{_wanted_types(definition, attrs)}' do not match "
            f"{len(inputs)} inputs specified"
        )
    arguments: list[Any] = []
    start = 0
    for arg, count in zip(definition.inputs, counts, strict=True):
        group = inputs[start : start + count]
        types = attrs[arg.type_list_attr] if arg.type_list_attr else [
            arg.dtype or attrs[arg.type_attr]
        ] * count  # fmt: skip
        for slot, (tensor, wanted) in enumerate(zip(group, types, strict=True), start):
            if tensor._dtype._base is not wanted._base or (
                arg.is_ref and not tensor._dtype._is_ref_dtype
            ):
                reference = "_ref" if arg.is_ref else ""
                raise ValueError(
                    f"Input {slot} was passed {_short(tensor._dtype)} from {tensor.name} "
                    f"incompatible with expected {_short(wanted)}{reference}."
                )
        arguments.append(group if arg.number_attr or arg.type_list_attr else group[0])
        start += count
    return arguments


def _wanted_types(definition: Op, attrs: dict[str, Any]) -> str:
    """The types of the inputs that a node must have, in a row."""
    types: list[Any] = []
    for arg in definition.inputs:
        if arg.type_list_attr:
            types += attrs[arg.type_list_attr]
        else:
            count = attrs[arg.number_attr] if arg.number_attr else 1
            types += [arg.dtype or attrs[arg.type_attr]] * count
    return ", ".join(map(_short, types))


def _short(dtype: Any) -> str:
    """A type's name in messages: float for float32."""
    words = {"float32": "float", "float64": "double", "float16": "half"}
    name, reference = dtype._base.name, "_ref" if dtype._is_ref_dtype else ""
    return words.get(name, name) + reference
