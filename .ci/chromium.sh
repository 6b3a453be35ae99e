#!/bin/sh
# chromium.sh VENV: makes sure that the browser tests find a Chromium, or says what to install.
set -eu
cd "$(dirname "$0")/.."
. .ci/lib.sh
python=$1/bin/python

# The tests' own search decides, so that what is found here is what they use.
found() { "$python" tests/browser/chromium.py >/dev/null 2>&1; }

found && exit 0
apt_install chromium && found && exit 0
say "playwright install chromium ..."
"$python" -m playwright install chromium >/dev/null 2>&1 && found && exit 0
as_root "$PWD/$python" -m playwright install-deps chromium >/dev/null 2>&1 && found && exit 0
stop "the browser tests need Chromium: install your system's package 'chromium' (or Google Chrome) and start again."
