#!/usr/bin/env bash
# Gives an image that is named by its digest further names, in the same registry or another one, and sees to it that they
# stand for that same digest: nothing is built again.
#
#   tag-image.sh REGISTRY/rice@sha256:... REGISTRY/rice:1.2.3 OTHER/rice:latest
set -euo pipefail
image=${1:?the image is missing, with its digest}
shift
for tag in "$@"; do
  docker buildx imagetools create --tag "$tag" "$image"
  digest=$(docker buildx imagetools inspect "$tag" --format '{{.Manifest.Digest}}')
  if [ "$digest" != "${image#*@}" ]; then
    echo "$tag is $digest, not ${image#*@}" >&2
    exit 1
  fi
  echo "$tag is $digest"
done
