#!/usr/bin/env bash
# Gives an image (named by its digest) further tags, in the same or another registry, and checks that they refer to the same
# digest: nothing is rebuilt.
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
