#!/bin/sh
# chromium.sh VENV: makes sure that the browser tests find a Chromium, or says what to install.
set -eu
cd "$(dirname "$0")/.."
. .ci/lib.sh
python=$1/bin/python

driver_runs() { "$python" -m playwright --version >/dev/null 2>&1; }

# The tests' own search decides, so that what is found here is what they use.
found() { "$python" tests/browser/chromium.py >/dev/null 2>&1; }

# Playwright brings a Node.js of its own, and that needs a library which a small Debian lacks.
driver_runs || { apt_install libatomic1 && driver_runs; } ||
    stop "Playwright, which drives the browser tests, does not start: install your system's package 'libatomic1' and start again."
found && exit 0
apt_install chromium && found && exit 0
say "playwright install chromium ..."
"$python" -m playwright install chromium >/dev/null 2>&1 && found && exit 0
as_root "$PWD/$python" -m playwright install-deps chromium >/dev/null 2>&1 && found && exit 0
stop "the browser tests need Chromium: install your system's package 'chromium' (or Google Chrome) and start again."
