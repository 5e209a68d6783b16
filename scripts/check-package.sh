#!/usr/bin/env bash
# Packs the package, installs it into an empty folder, and predicts there: what is missing in "files" shows here.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$root"
npm pack --pack-destination "$folder" --silent >/dev/null
cp -r test/samples "$folder/pictures"
cd "$folder"
npm init -y >/dev/null
ONNXRUNTIME_NODE_INSTALL=skip npm install --silent --no-audit --no-fund ./rice-grain-*.tgz
npx --no-install rice --version
npx --no-install rice predict pictures
