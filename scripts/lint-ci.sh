#!/usr/bin/env bash
# Lints what `npm run lint` does not: workflows, Dockerfiles and shell scripts. Prints each command. The tools must first be
# installed into a folder, with the versions and digests in .github/lint:
#
#   bash scripts/lint-ci.sh --install FOLDER    (needs Python and Go)
#   bash scripts/lint-ci.sh FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1-}" = --install ]; then
  folder=$(mkdir -p "$2" && cd "$2" && pwd)
  python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet --require-hashes -r .github/lint/requirements.txt
  go -C .github/lint build -o "$folder/bin/actionlint" github.com/rhysd/actionlint/cmd/actionlint
  exit
fi

PATH="$(cd "$1" && pwd)/bin:$PATH"
set -x
actionlint
zizmor --offline --quiet .github
hadolint Dockerfile Dockerfile.train
shellcheck .ci/run scripts/*.sh docs/jobs/*.sh
