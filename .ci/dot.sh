#!/bin/sh
# dot.sh VENV: makes sure that Graphviz's `dot` runs, or says what to install.
set -eu
cd "$(dirname "$0")/.."
. .ci/lib.sh

dot_runs() { dot -V >/dev/null 2>&1; }

# In a prefix of its own, so that no environment of the user's changes.
conda_install() {
    say "conda create with graphviz ..."
    conda create --yes --quiet --prefix "$PWD/$1/graphviz" --channel conda-forge graphviz >/dev/null &&
        ln -sf "$PWD/$1/graphviz/bin/dot" "$1/bin/dot"
}

dot_runs && exit 0
apt_install graphviz && dot_runs && exit 0
if have brew; then
    say "brew install graphviz ..."
    brew install --quiet graphviz >/dev/null && dot_runs && exit 0
fi
if have conda; then
    conda_install "$1" && dot_runs && exit 0
fi
stop "the diagrams need Graphviz's 'dot' program: install your system's package 'graphviz' (https://graphviz.org/download) and start again."
