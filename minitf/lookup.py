"""tf.lookup: tables of values by keys."""

from minitf.lazy import getter, names_of

_NAMES = {
    "minitf.table_initializers": "KeyValueTensorInitializer TextFileIndex TextFileInitializer",
    "minitf.tables": "StaticHashTable",
    "minitf.vocabulary_tables": "StaticVocabularyTable",
}

__all__ = sorted(names_of(_NAMES))  # pyright: ignore
__getattr__ = getter(__name__, _NAMES)


def __dir__() -> list[str]:
    return __all__
