#!/usr/bin/env bash
# Proves that signatures are those of OpenSSF model signing 1.0: the reference implementation, installed from PyPI into a folder
# of its own, verifies what rice signed, rice verifies what it signed, and both refuse a model with one byte changed, a file
# more or less, and another key. Needs openssl and a build.
# usage: bash scripts/sign-proof.sh
# SIGN_VENV names a virtual environment that has the program already, or keeps it.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
skip() {
  echo "SKIPPED: the proof of signatures: $*"
  exit 0
}

command -v python3 >/dev/null || skip 'there is no python3'
command -v openssl >/dev/null || skip 'there is no openssl'
venv=${SIGN_VENV:-$scratch/venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv" || skip 'python3 cannot make a virtual environment'
[ -x "$venv/bin/model_signing" ] ||
  "$venv/bin/pip" install -q --disable-pip-version-check --retries 0 --timeout 10 model-signing==1.1.1 pyOpenSSL 2>"$scratch/pip.log" ||
  skip "PyPI is not reached: $(tail -n 1 "$scratch/pip.log")"

cases=0
# usage: expect yes|no COMMAND...
expect() {
  local wanted=$1 got=yes
  shift
  "$@" >"$scratch/output" 2>&1 || got=no
  cases=$((cases + 1))
  [ $got = "$wanted" ] && return
  echo "FAILED: $* (expected $wanted): $(tail -n 3 "$scratch/output")"
  exit 1
}
rice_signs() { node --import tsx "$root/scripts/sign-model.ts" "$1" "$2" "$3"; }
rice_verifies() { node "$root/bin/run.js" verify "$1" --signature "$2" --key "$3"; }
reference_signs() { "$venv/bin/model_signing" sign key "$1" --private_key "$2" --signature "$3"; }
reference_verifies() { "$venv/bin/model_signing" verify key "$1" --signature "$2" --public_key "$3"; }
# Changes one bit in the middle of a file.
damage() { node -e 'const fs = require("fs"), [f] = process.argv.slice(1), b = fs.readFileSync(f); b[b.length >> 1] ^= 1; fs.writeFileSync(f, b)' "$1"; }

key=$scratch/key.pem public=$scratch/public.pem other=$scratch/other.pem
openssl ecparam -name prime256v1 -genkey -noout -out "$key"
openssl pkey -in "$key" -pubout -out "$public"
openssl ecparam -name prime256v1 -genkey -noout | openssl pkey -pubout -out "$other"
export RICE_SIGN_PASSPHRASE=secret
locked=$scratch/locked.pem
openssl pkcs8 -topk8 -in "$key" -passout env:RICE_SIGN_PASSPHRASE -out "$locked"

for signer in rice reference; do
  for verifier in rice reference; do
    model=$scratch/$signer-$verifier.onnx
    cp models/rice.onnx "$model"
    folder=$scratch/$signer-$verifier
    mkdir -p "$folder/sub" "$folder/sub-a" "$folder/.git"
    cp models/*.onnx "$folder"
    for name in 'größe.txt' '.hidden' 'with space' sub/a sub-a/b .git/config; do echo "$name" >"$folder/$name"; done
    for signed in "$model" "$folder"; do
      signature=$signed.sig
      [ -d "$signed" ] && signature=$signed/model.sig
      own_key=$key
      [ $signer = rice ] && own_key=$locked
      expect yes ${signer}_signs "$signed" "$own_key" "$signature"
      expect yes ${verifier}_verifies "$signed" "$signature" "$public"
      expect no ${verifier}_verifies "$signed" "$signature" "$other"
    done
    echo changed >"$folder/.git/config"
    expect yes ${verifier}_verifies "$folder" "$folder/model.sig" "$public"
    touch "$folder/sub/more"
    expect no ${verifier}_verifies "$folder" "$folder/model.sig" "$public"
    rm "$folder/sub/more" && mv "$folder/sub/a" "$folder/sub/c"
    expect no ${verifier}_verifies "$folder" "$folder/model.sig" "$public"
    mv "$folder/sub/c" "$folder/sub/a"
    expect yes ${verifier}_verifies "$folder" "$folder/model.sig" "$public"
    for signed in "$model" "$folder/rice.onnx"; do damage "$signed"; done
    expect no ${verifier}_verifies "$model" "$model.sig" "$public"
    expect no ${verifier}_verifies "$folder" "$folder/model.sig" "$public"
    echo "signed by $signer, verified by $verifier: as expected"
  done
done
echo "$cases of $cases cases as expected (model-signing $("$venv/bin/pip" show model-signing 2>/dev/null | sed -n 's/^Version: //p'))"
