#!/bin/sh
# setup.sh VENV [EXTRA]: a virtual environment with this project in it. Done once: a stamp says what for.
set -eu
cd "$(dirname "$0")/.."
. .ci/lib.sh

venv=$1
extra=${2:-}
stamp=$venv/.minitf-setup
# A moved clone, a changed list or another Python needs the work done again.
key="$(cksum <pyproject.toml) $PWD"

python_fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; }

if [ -f "$stamp" ] && python_fits "$venv/bin/python"; then
    case "$(cat "$stamp")" in
    "$key $extra" | "$key dev") exit 0 ;;
    esac
fi

if ! python_fits "$venv/bin/python"; then
    python=
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
        if python_fits "$candidate"; then
            python=$candidate
            break
        fi
    done
    [ -n "$python" ] || stop "needs Python 3.11, 3.12 or 3.13: install one, or name it with 'make PYTHON=/path/to/python3'."
    # Debian and Ubuntu ship venv apart from Python.
    "$python" -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv ||
        stop "$python cannot make virtual environments: install python3-venv (or the package your system has for it)."
    say "creating $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
fi

say "installing into $venv (a minute or two, once)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable ".${extra:+[$extra]}" ||
    stop "pip could not install what the project needs: see its message above."
# What is slow only once is done here, so that no first lesson waits for it.
"$venv/bin/python" -m compileall -q minitf widgets &&
    "$venv/bin/python" -c "from minitf.kernels.tape import compile_now; compile_now()" ||
    say "could not compile ahead (no matter: it is done when needed)"
printf '%s %s' "$key" "$extra" >"$stamp"
