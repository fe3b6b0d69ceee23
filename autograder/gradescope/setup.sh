#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the container's image. It finds or installs a Python of 3.11 or newer and
# makes an environment in which the grader runs. With wheels of everything in the zip it needs no network for that.
set -euo pipefail
umask 077

root=${AUTOGRADER_ROOT:-/autograder}
source=$root/source

apt_get() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" >/dev/null 2>&1
}

fits() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if fits "$name"; then command -v "$name"; return; fi
    done
    apt_get update || true
    for name in python3 python3.13 python3.12 python3.11; do
        if apt_get install -y "$name" "$name-venv" && fits "$name"; then command -v "$name"; return; fi
    done
    echo "No Python of 3.11 or newer is here, and none could be installed: choose a base image of Ubuntu 24.04 or newer." >&2
    return 1
}

python=$(find_python)
echo "Python: $("$python" --version)"

# The wall's stronger backend. Containers rarely allow the user namespaces that it needs; the other backend, Landlock, needs
# nothing installed, and every result says which was in force.
command -v bwrap >/dev/null || apt_get install -y bubblewrap || echo "bubblewrap could not be installed; Landlock is used"

"$python" -m venv "$root/venv"
pip() {
    "$root/venv/bin/python" -I -m pip --disable-pip-version-check --quiet --no-input install "$@"
}
if [ -e "$source/offline" ]; then
    pip --no-index --find-links "$source/wheels" -r "$source/requirements.txt"
else
    pip -r "$source/requirements.txt"
fi
pip --no-index --no-deps "$source"/wheels/nablagrade-*.whl

chmod -R go= "$source" "$root/venv"
"$root/venv/bin/python" -I -m autograder.gradescope.ready "$root"
