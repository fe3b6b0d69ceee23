#!/usr/bin/env bash
# Gradescope runs this once, when it builds the container's image. What hands the reports back needs Python and nothing else.
set -euo pipefail
command -v python3 >/dev/null || { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y python3 >/dev/null; }
