"""Small TF1 programs by theme; each runs unchanged on TensorFlow and on minitf."""

THEMES = (
    "names",
    "constants",
    "placeholders",
    "operators",
    "graphs",
    "control",
    "feeding",
    "variables",
    "scopes",
    "initializers",
    "arrays",
    "shapes",
    "maths",
)
