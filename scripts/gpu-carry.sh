#!/usr/bin/env bash
# Packs the built package, with what it needs on Linux x64, for a machine without network: parts of at most 60 MiB.
#
#   bash scripts/gpu-carry.sh FOLDER                        here, after npm run build
#   cat FOLDER/carry.tar.xz.* | tar -xJ && bash scripts/gpu-check.sh        there
#
# onnxruntime's CUDA libraries are packed where they are in node_modules (docs/gpu.md says how they get there).
set -euo pipefail
out=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")/.."
modules=$(npm ls --omit=dev --all --parseable | sed -n "s|^$PWD/||p")
rm -f "$out"/carry.tar.xz.*
# shellcheck disable=SC2086 # paths in node_modules have no spaces
tar -cf - --exclude='*/napi-v6/darwin' --exclude='*/napi-v6/win32' --exclude='*/napi-v6/linux/arm64' --exclude='*.map' \
  package.json dist bin models schemas scripts/gpu-check.sh scripts/gpu_check_torch.py $modules |
  xz -T0 -1 | split -b 60M - "$out/carry.tar.xz."
ls -l "$out"
