#!/usr/bin/env bash
# Checks a running `rice serve`: readiness, the variety of a picture, and the error for a file that is not a picture.
# RICE_API_KEY is the key, if the service requires one.
#
#   check-service.sh http://127.0.0.1:8080
set -euo pipefail
url=${1:?the address of the service is missing}
sample=$(dirname "$0")/../test/samples/basmati-1.jpg
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# The key is read from a file, because other processes can see arguments.
ask() {
  local key=${RICE_API_KEY:+Authorization: Bearer $RICE_API_KEY}
  curl --silent --show-error --max-time 30 --header @<(printf '%s\n' "$key") --output "$answer" --write-out '%{http_code}' "$@"
}

expect() {
  local status=$1 text=$2 got
  shift 2
  got=$(ask "$@")
  if [ "$got" != "$status" ] || ! grep -q "$text" "$answer"; then
    echo "${*: -1}: $got instead of $status with $text: $(head -c 500 "$answer")" >&2
    exit 1
  fi
}

# A service that has just started answers once its model is loaded.
for _ in $(seq "${READY_TRIES:-60}"); do
  if [ "$(ask "$url/readyz" 2>/dev/null)" = 200 ]; then break; fi
  sleep 1
done
expect 200 '' "$url/readyz"
expect 200 '' "$url/livez"
expect 200 '"label":"Basmati"' --form "file=@$sample" "$url/predict"
expect 415 '"code":' --form "file=@$0" "$url/predict"
echo "$url answers"
