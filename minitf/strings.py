"""tf.strings: ops on strings."""

from minitf.ops.hashing import (
    string_to_hash_bucket as to_hash_bucket,
)
from minitf.ops.hashing import (
    string_to_hash_bucket_fast as to_hash_bucket_fast,
)
from minitf.ops.hashing import (
    string_to_hash_bucket_strong as to_hash_bucket_strong,
)
from minitf.ops.parsing import as_string
from minitf.ops.parsing import string_to_number as to_number
from minitf.ops.printing import string_format as format
from minitf.ops.regexes import regex_full_match, regex_replace
from minitf.ops.splitting import split
from minitf.ops.strings import (
    length,
    lower,
    reduce_join,
    substr,
    unsorted_segment_join,
    upper,
)
from minitf.ops.strings import string_join as join
from minitf.ops.strings import string_strip as strip

__all__ = [
    "as_string",
    "format",
    "join",
    "length",
    "lower",
    "reduce_join",
    "regex_full_match",
    "regex_replace",
    "split",
    "strip",
    "substr",
    "to_hash_bucket",
    "to_hash_bucket_fast",
    "to_hash_bucket_strong",
    "to_number",
    "unsorted_segment_join",
    "upper",
]
