#!/usr/bin/env bash
# Checks with the real DVC that rice writes the same as DVC: `dvc status` finds nothing to do, `dvc add` on a copy gives the
# same .dvc file and tree object byte for byte, and `dvc push` here with `dvc pull` in a clone gives the same files. Runs in
# a git repository and without one; with generated files, and with a copy of a dataset if one is given:
#
#   scripts/dvc-status.sh [DATASET]
#
# Uses `dvc` from the PATH, or installs it from PyPI into a temporary folder.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
dataset=${1:+$(cd "$1" && pwd)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

if ! command -v dvc >/dev/null; then
  python3 -m venv "$folder/venv"
  "$folder/venv/bin/pip" install --quiet dvc
  PATH=$folder/venv/bin:$PATH
fi
# Without the settings and state of the user.
export DVC_NO_ANALYTICS=1 DVC_GLOBAL_CONFIG_DIR=$folder/none DVC_SYSTEM_CONFIG_DIR=$folder/none DVC_SITE_CACHE_DIR=$folder/site
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=rice GIT_AUTHOR_EMAIL=rice@localhost
export GIT_COMMITTER_NAME=rice GIT_COMMITTER_EMAIL=rice@localhost
echo "dvc $(dvc --version)"

write() { (cd "$root" && node --import tsx scripts/write-dvc.ts "$@"); }

expect_up_to_date() {
  local answer
  answer=$(cd "$1" && dvc status 2>&1)
  echo "dvc status: $answer"
  [ "$answer" = 'Data and pipelines are up to date.' ]
}

# NAME KIND: checks the dataset $folder/NAME in a new project, in a git repository or without one.
verify() {
  local source=$folder/$1 kind=$2 ours=$folder/ours-$1-$2 real=$folder/real-$1-$2 clone=$folder/clone-$1-$2
  echo "== $1, $kind"
  for project in "$ours" "$real"; do
    mkdir -p "$project/data"
    [ "$kind" = git ] && git init --quiet "$project"
    cp -R "$source" "$project/data/Rice"
  done

  write "$ours/data/Rice"
  expect_up_to_date "$ours/data"
  diff -r "$source" "$ours/data/Rice"

  local init=() place=$real
  # Without git, the DVC repository is created in the parent folder of the dataset.
  [ "$kind" = git ] || { init=(--no-scm) place=$real/data; }
  (cd "$place" && dvc init --quiet "${init[@]}" && dvc add --quiet "$real/data/Rice")
  cmp "$real/data/Rice.dvc" "$ours/data/Rice.dvc"
  diff -r --exclude tmp "$place/.dvc" "${place/#$real/$ours}/.dvc"
  cmp "$place/.dvcignore" "${place/#$real/$ours}/.dvcignore"
  [ "$kind" = git ] && cmp "$real/data/.gitignore" "$ours/data/.gitignore"
  echo 'dvc add writes the same .dvc file, tree object, objects and settings'
  diff <(cd "$place/.dvc/cache" && find . -type f -printf '%m %p\n' | sort) <(cd "${place/#$real/$ours}/.dvc/cache" && find . -type f -printf '%m %p\n' | sort)
  echo 'with the same permissions'

  (cd "$ours/data" && dvc remote add --quiet --default store "$folder/store-$1-$kind" && dvc push 2>&1 | tail -n 1)
  if [ "$kind" = git ]; then
    (cd "$ours" && git add . && git commit --quiet -m data && git status --short && git clone --quiet "$ours" "$clone")
    [ -z "$(cd "$ours" && git ls-files data/Rice)" ]
  else
    mkdir -p "$clone/data"
    (cd "$ours/data" && cp -R .dvcignore Rice.dvc "$clone/data" && mkdir "$clone/data/.dvc" && cp .dvc/config "$clone/data/.dvc")
  fi
  (cd "$clone/data" && dvc pull 2>&1 | tail -n 1)
  diff -r "$source" "$clone/data/Rice"
  echo 'dvc pull in a clone gives the same files'

  rm -rf "$ours" "$real" "$clone" "$folder/store-$1-$kind"
}

write --generate "$folder/generated"
[ -z "$dataset" ] || cp -R "$dataset" "$folder/dataset"
for name in generated ${dataset:+dataset}; do
  for kind in git none; do verify "$name" "$kind"; done
done
echo 'everything is the same as with DVC'
