#!/usr/bin/env bash
# Checks a machine with a GPU in at most six minutes: which devices work and why not, training steps against the CPU's and
# PyTorch's, predictions in bulk. Needs Node and the built package, no network; docs/gpu.md tells more.
#
#   bash scripts/gpu-check.sh [--out FOLDER] [--dataset FOLDER] [--seconds 345]
#
# Writes gpu-check.md and gpu-check.json into FOLDER (gpu-check) after each part. PYTHON names a Python with PyTorch.
set -uo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
check="$root/dist/gpu-check.js"
if [ ! -f "$check" ]; then
  echo "$check is missing: npm run build" >&2
  exit 2
fi
# It keeps to its time by itself; this is for a driver that stops even Node.
exec timeout --kill-after=5 355 node "$check" "$@"
