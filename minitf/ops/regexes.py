"""Strings searched by regular expressions."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError
from minitf.infer import unchanged, with_rank
from minitf.op import op
from minitf.ops.strings import bytes_of, each, each_number, text_of
from minitf.tensor import Tensor

# What reads otherwise in Python: RE2's `$` is the very end, and so is its `\z`.
_ENDS = re.compile(r"(\\z)|(\\.)|(\[\^?\]?(?:\\.|[^\]\\])*\])|(\$)", re.DOTALL)
# What RE2 leaves out, so that it never takes more than linear time: looking around.
_FOREIGN = re.compile(r"(?:\\.|[^\\])*?(\(\?(?:<?[=!]))", re.DOTALL)
# A rewrite counts as far as its escapes are RE2's.
_REWRITE = re.compile(r"(?:[^\\]|\\[\d\\])*")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """RE2's pattern as Python's; InvalidArgumentError where it is none."""
    foreign = _FOREIGN.match(pattern)
    if foreign:
        raise _bad_pattern(pattern, f"invalid perl operator: {foreign[1]}")
    ends = _ENDS.sub(lambda m: r"\Z" if m[1] or m[4] else m[0], pattern)
    try:
        return re.compile(ends, re.ASCII)
    except re.error as error:
        raise _bad_pattern(pattern, _reason(error, pattern)) from None


def _bad_pattern(pattern: str, reason: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, f"Invalid pattern: {pattern}, error: {reason}")


def _reason(error: re.error, pattern: str) -> str:
    if "unterminated subpattern" in error.msg:
        return f"missing ): {pattern}"
    if "unterminated character set" in error.msg:
        return f"missing ]: {pattern[error.pos :]}"
    if error.msg == "nothing to repeat":
        return f"no argument for repetition operator: {error.pattern[error.pos]}"
    return f"{error.msg}: {pattern}"


def _full_match(input: Any, pattern: str) -> Any:
    matches = _compiled(pattern).fullmatch
    return each_number(lambda s: matches(text_of(s)) is not None, input, np.bool_)


def _pattern_is_scalar(input: Tensor, *scalars: Tensor) -> Any:
    for tensor in scalars:
        with_rank(tensor, 0)
    return input.shape


@op
class StaticRegexFullMatch:
    """Whether each string matches a pattern from beginning to end."""

    inputs = "input: string"
    outputs = "output: bool"
    attrs = "pattern: string"
    infer = unchanged

    def kernel(input, *, pattern):
        return _full_match(input, pattern)

    gradient = None


@op
class RegexFullMatch:
    """Whether each string matches a pattern that the run computes."""

    inputs = "input: string, pattern: string"
    outputs = "output: bool"
    infer = _pattern_is_scalar

    def kernel(input, pattern):
        return _full_match(input, text_of(pattern))

    gradient = None


def regex_full_match(input: Any, pattern: Any, name: str | None = None) -> Tensor:
    """Whether each string matches the regular expression `pattern` from beginning to end."""
    if isinstance(pattern, (str, bytes)):
        return StaticRegexFullMatch(input, pattern=pattern, name=name)
    return RegexFullMatch(input, pattern, name=name)


def _filled_in(rewrite: str, groups: int) -> Callable[[re.Match[str]], str] | None:
    """The text in place of a match; None where `rewrite` asks for a group that is not there."""
    pieces = re.split(r"\\(\d|\\)", _REWRITE.match(rewrite)[0])
    if any(digit != "\\" and int(digit) > groups for digit in pieces[1::2]):
        return None

    def replacement(match: re.Match[str]) -> str:
        texts = list(pieces)
        for i in range(1, len(pieces), 2):
            texts[i] = "\\" if pieces[i] == "\\" else match[int(pieces[i])] or ""
        return "".join(texts)

    return replacement


def _replaced(input: Any, pattern: str, rewrite: str, everywhere: bool) -> Any:
    compiled = _compiled(pattern)
    replacement = _filled_in(rewrite, compiled.groups)
    if replacement is None:
        return input
    most = 0 if everywhere else 1
    return each(lambda s: bytes_of(compiled.sub(replacement, text_of(s), count=most)), input)


@op
class StaticRegexReplace:
    """Each string with what matches a pattern replaced."""

    inputs = "input: string"
    outputs = "output: string"
    attrs = "pattern: string, rewrite: string, replace_global: bool = true"
    infer = unchanged

    def kernel(input, *, pattern, rewrite, replace_global):
        return _replaced(input, pattern, rewrite, replace_global)

    gradient = None


@op
class RegexReplace:
    """Each string with what matches replaced; the run computes pattern and replacement."""

    inputs = "input: string, pattern: string, rewrite: string"
    outputs = "output: string"
    attrs = "replace_global: bool = true"
    infer = _pattern_is_scalar

    def kernel(input, pattern, rewrite, *, replace_global):
        return _replaced(input, text_of(pattern), text_of(rewrite), replace_global)

    gradient = None


def regex_replace(
    input: Any, pattern: Any, rewrite: Any, replace_global: bool = True, name: str | None = None
) -> Tensor:
    r"""Each string with its matches of `pattern` (or the first) replaced by `rewrite`.

    `\1` to `\9` in `rewrite` stand for the pattern's groups, `\0` for the whole match.
    """
    if isinstance(pattern, (str, bytes)) and isinstance(rewrite, (str, bytes)):
        return StaticRegexReplace(
            input, pattern=pattern, rewrite=rewrite, replace_global=replace_global, name=name
        )
    return RegexReplace(input, pattern, rewrite, replace_global=replace_global, name=name)
