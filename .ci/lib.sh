# Shared by the scripts beside it; sourced, not run.

say() { printf 'minitf: %s\n' "$*" >&2; }

stop() {
    say "$*"
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# The word to put before a command that needs root; fails where there is no way to become root.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif have sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        sudo "$@"
    else
        return 1
    fi
}

apt_install() {
    have apt-get || return 1
    say "apt-get install $* ..."
    as_root env DEBIAN_FRONTEND=noninteractive sh -c '
        wait="-o DPkg::Lock::Timeout=300"
        apt-get $wait install -y -qq --no-install-recommends "$@" ||
            { apt-get $wait update -qq && apt-get $wait install -y -qq --no-install-recommends "$@"; }
    ' apt "$@" >/dev/null 2>&1
}
