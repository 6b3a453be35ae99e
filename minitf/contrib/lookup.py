"""tf.contrib.lookup: tables of words, under their former names."""

from minitf.lazy import getter, names_of

_NAMES = {
    "minitf.initialization": "tables_initializer",
    "minitf.table_initializers": "KeyValueTensorInitializer TextFileIdTableInitializer "
    "TextFileIndex TextFileInitializer TextFileStringTableInitializer",
    "minitf.tables": "HashTable LookupInterface MutableHashTable",
    "minitf.vocabulary_tables": "FastHashSpec HasherSpec IdTableWithHashBuckets StrongHashSpec "
    "index_table_from_file index_table_from_tensor index_to_string_table_from_file "
    "index_to_string_table_from_tensor",
}

__all__ = sorted(names_of(_NAMES))  # pyright: ignore
__getattr__ = getter(__name__, _NAMES)


def __dir__() -> list[str]:
    return __all__
