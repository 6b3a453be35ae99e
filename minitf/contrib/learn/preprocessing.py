"""Texts as rows of word numbers (tf.contrib.learn.preprocessing)."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

__all__ = ["CategoricalVocabulary", "VocabularyProcessor", "tokenizer"]

# Capitals in a row, a capital and small letters before another capital, or any letters, digits,
# apostrophes and hyphens.
_WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z][a-z]+(?=[A-Z])|['\w-]+")


def tokenizer(iterator: Iterable[str]) -> Iterator[list[str]]:
    """The words of each text."""
    for text in iterator:
        yield _WORD.findall(text)


class CategoricalVocabulary:
    """Words and their numbers, by the order in which they came; 0 stands for unknown ones."""

    def __init__(self, unknown_token: str = "<UNK>", support_reverse: bool = True) -> None:
        self._unknown_token = unknown_token
        self._mapping: dict[Any, int] = {unknown_token: 0}
        self._words: list[Any] | None = [unknown_token] if support_reverse else None
        self._counts: dict[Any, int] = {}
        self._frozen = False

    def __len__(self) -> int:
        return len(self._mapping)

    def freeze(self, freeze: bool = True) -> None:
        """From now on no words come in, or again they do."""
        self._frozen = freeze

    def get(self, category: Any) -> int:
        """A word's number; a new one's while the vocabulary is not frozen, then 0."""
        if category not in self._mapping:
            if self._frozen:
                return 0
            self._mapping[category] = len(self._mapping)
            if self._words is not None:
                self._words.append(category)
        return self._mapping[category]

    def add(self, category: Any, count: int = 1) -> None:
        """Counts a word."""
        if self.get(category) > 0:
            self._counts[category] = self._counts.get(category, 0) + count

    def trim(self, min_frequency: int, max_frequency: int = -1) -> None:
        """Keeps words that came more than `min_frequency` times (and less than the maximum).

        They are numbered anew: the most frequent first, equally frequent ones by the alphabet.
        """
        by_name = sorted(self._counts.items(), key=lambda item: (isinstance(item[0], str), item[0]))
        kept = {
            word: count
            for word, count in sorted(by_name, key=lambda item: -item[1])
            if count > min_frequency and not 0 < max_frequency <= count
        }
        words = [self._unknown_token, *kept]
        self._mapping = {word: number for number, word in enumerate(words)}
        self._words = None if self._words is None else words
        self._counts = kept

    def reverse(self, class_id: int) -> Any:
        """The word of a number; ValueError without `support_reverse`."""
        if self._words is None:
            raise ValueError(
                "This vocabulary wasn't initialized with support_reverse to support reverse() "
                "function."
            )
        return self._words[class_id]


class VocabularyProcessor:
    """Texts as rows of `max_document_length` word numbers, cut off or filled with zeros."""

    def __init__(
        self,
        max_document_length: int,
        min_frequency: int = 0,
        vocabulary: CategoricalVocabulary | None = None,
        tokenizer_fn: Callable[[Iterable[Any]], Iterator[Any]] | None = None,
    ) -> None:
        self.max_document_length = max_document_length
        self.min_frequency = min_frequency
        self.vocabulary_ = CategoricalVocabulary() if vocabulary is None else vocabulary
        self._tokenizer = tokenizer_fn or tokenizer

    def fit(self, raw_documents: Iterable[Any], unused_y: Any = None) -> VocabularyProcessor:
        """Learns the words of texts, then freezes the vocabulary."""
        for words in self._tokenizer(raw_documents):
            for word in words:
                self.vocabulary_.add(word)
        if self.min_frequency > 0:
            self.vocabulary_.trim(self.min_frequency)
        self.vocabulary_.freeze()
        return self

    def fit_transform(self, raw_documents: Any, unused_y: Any = None) -> Iterator[np.ndarray]:
        """Learns the words of texts and gives their rows."""
        self.fit(raw_documents)
        return self.transform(raw_documents)

    def transform(self, raw_documents: Iterable[Any]) -> Iterator[np.ndarray]:
        """The row of each text."""
        for words in self._tokenizer(raw_documents):
            row = np.zeros(self.max_document_length, np.int64)
            numbers = [self.vocabulary_.get(word) for word, _ in zip(words, row, strict=False)]
            row[: len(numbers)] = numbers
            yield row

    def reverse(self, documents: Iterable[Iterable[int]]) -> Iterator[str]:
        """The words of each row."""
        for row in documents:
            yield " ".join(self.vocabulary_.reverse(number) for number in row)

    def save(self, filename: str | os.PathLike[str]) -> None:
        """Writes the vocabulary and the settings, but not the tokenizer, as JSON."""
        vocabulary = self.vocabulary_
        kept = {
            "max_document_length": self.max_document_length,
            "min_frequency": self.min_frequency,
            "unknown_token": vocabulary._unknown_token,
            "support_reverse": vocabulary._words is not None,
            "frozen": vocabulary._frozen,
            "words": list(vocabulary._mapping),
            "counts": list(vocabulary._counts.items()),
        }
        with open(filename, "w", encoding="utf-8") as file:
            json.dump(kept, file)

    @classmethod
    def restore(cls, filename: str | os.PathLike[str]) -> VocabularyProcessor:
        """What `save` wrote, with the default tokenizer."""
        with open(filename, encoding="utf-8") as file:
            kept = json.load(file)
        vocabulary = CategoricalVocabulary(kept["unknown_token"], kept["support_reverse"])
        for word in kept["words"]:
            vocabulary.get(word)
        vocabulary._counts = dict(kept["counts"])
        vocabulary.freeze(kept["frozen"])
        return cls(kept["max_document_length"], kept["min_frequency"], vocabulary)
