#!/usr/bin/env bash
# Proves with the real programs that they read what `rice train --track` writes and sends: the official W&B client, an
# MLflow server, TensorBoard and DVC, installed from PyPI into a folder of their own. Needs a build.
# usage: bash scripts/track-proofs.sh [wandb|mlflow|tensorboard|dvc ...]     (all of them by default)
# TRACK_VENV names a virtual environment that has the programs already, or keeps them.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
wanted=${*:-wandb mlflow tensorboard dvc}
scratch=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  rm -rf "$scratch"
}
trap finish EXIT

declare -A packages=(
  [wandb]='wandb==0.31.0' [mlflow]='mlflow==3.17.2 onnx onnxruntime' [tensorboard]='tensorboard==2.21.0' [dvc]='dvc==3.67.1'
)
wants() { [[ " $wanted " == *" $1 "* ]]; }
skip() {
  echo "SKIPPED: the proofs of trackers ($wanted): $*"
  exit 0
}

command -v python3 >/dev/null || skip 'there is no python3'
venv=${TRACK_VENV:-$scratch/venv}
list=()
for name in $wanted; do read -ra more <<<"${packages[$name]:?no such tracker: $name}"; list+=("${more[@]}"); done
[ -x "$venv/bin/python" ] || python3 -m venv "$venv" || skip 'python3 cannot make a virtual environment'
missing=no
for name in $wanted; do [ -x "$venv/bin/$name" ] || missing=yes; done
[ $missing = no ] || "$venv/bin/pip" install -q --disable-pip-version-check --retries 0 --timeout 10 "${list[@]}" 2>"$scratch/pip.log" ||
  skip "PyPI is not reached: $(tail -n 1 "$scratch/pip.log")"

# Nothing of this leaves the machine.
export WANDB_ERROR_REPORTING=false MLFLOW_DISABLE_TELEMETRY=true DO_NOT_TRACK=true DVC_NO_ANALYTICS=1
export RICE_CACHE_DIR="$scratch/cache" PATH="$venv/bin:$PATH" HOME="$scratch"
project=$scratch/project
mkdir "$project"
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
await() { for _ in $(seq 1500); do if curl -sf -o /dev/null "$1"; then return; fi; sleep 0.2; done; echo "$1 does not answer"; exit 1; }

if wants mlflow; then
  export MLFLOW_TRACKING_URI="http://127.0.0.1:$(port)"
  mlflow server --host 127.0.0.1 --port "${MLFLOW_TRACKING_URI##*:}" --workers 1 \
    --backend-store-uri "sqlite:///$scratch/mlflow.db" --artifacts-destination "$scratch/artifacts" >"$scratch/mlflow.log" 2>&1 &
  pids+=($!)
  await "$MLFLOW_TRACKING_URI/health"
fi

node --import tsx scripts/track-dataset.ts "$project/data"
cd "$project"
trackers=$(echo "$wanted" | sed -e 's/\bdvc\b/dvclive/' -e 's/ /,/g')
train() {
  WANDB_MODE=offline node "$root/bin/run.js" train data --batch-size 8 --device cpu --quiet --track "$trackers" "$@" >/dev/null
}
if wants dvc; then
  git init -q .
  git config user.name x
  git config user.email x@localhost
  dvc init -q
  printf 'data\nrun*\nwandb\n' >.gitignore
  train --epochs 1 --out run1
  git add -A
  git commit -qm 'first'
fi
train --epochs 3 --out run --register grains@champion

if wants tensorboard; then python "$root/scripts/track_tensorboard.py" run 2>/dev/null; fi
if wants mlflow; then python "$root/scripts/track_mlflow.py" run grains champion 2>/dev/null; fi
if wants dvc; then
  dvc exp show --json >exp.json
  dvc metrics diff --json >diff.json
  dvc plots show --json >plots.json
  dvc plots diff -q -o plots.html
  python "$root/scripts/track_dvc.py" run exp.json plots.json diff.json
fi
if wants wandb; then
  offline=$(find wandb -maxdepth 1 -name 'offline-run-*' | sort | tail -n 1)
  wandb leet inspect --summary --json "$offline" >inspected.json
  key=$(printf 'k%.0s' $(seq 40))
  address="http://127.0.0.1:$(port)"
  (cd "$root" && exec node --import tsx scripts/track-wandb-server.ts "${address##*:}" "$key" "$project/sent.json") >/dev/null &
  server=$!
  pids+=("$server")
  for _ in $(seq 1500); do if curl -s -o /dev/null "$address"; then break; fi; sleep 0.2; done
  WANDB_BASE_URL=$address WANDB_API_KEY=$key wandb sync "$offline" >sync.log 2>&1 || { cat sync.log; exit 1; }
  kill -TERM "$server"
  wait "$server" || true
  python "$root/scripts/track_wandb.py" run inspected.json sent.json
fi
echo "proved with the real programs: $wanted"
