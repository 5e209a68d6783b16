#!/usr/bin/env bash
# What the image of Dockerfile.train runs: `rice train` with these arguments, or with `gpu-check` the check of the machine.
set -euo pipefail
if [ "${1-}" = gpu-check ]; then
  exec bash /app/scripts/gpu-check.sh --out /tmp/gpu-check "${@:2}"
fi
exec rice train "$@"
