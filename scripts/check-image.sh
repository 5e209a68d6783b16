#!/usr/bin/env bash
# Runs a container image as in production (read-only file system, no privileges) and checks its answers. Name it with its
# digest if possible, so that the checked image is the deployed one.
#
#   check-image.sh rice
#   check-image.sh REGISTRY/rice@sha256:...
set -euo pipefail
image=${1:?the name of the image is missing}
here=$(cd "$(dirname "$0")" && pwd)

container=$(docker run --detach --read-only --cap-drop ALL --security-opt no-new-privileges --publish 127.0.0.1::8080 "$image")
trap 'docker logs "$container" || true; docker rm --force --volumes "$container" >/dev/null' EXIT
bash "$here/check-service.sh" "http://$(docker port "$container" 8080/tcp | head -n 1)"
test "$(docker exec "$container" id -u)" != 0
# It must end by itself within Cloud Run's time limit.
docker stop --time 10 "$container" >/dev/null
test "$(docker inspect "$container" --format '{{.State.ExitCode}}')" = 0

# Another command, on mounted pictures; and the image contains its bill of materials.
docker run --rm --read-only --network none --volume "$here/../test/samples:/photos:ro" "$image" predict /photos
docker run --rm --network none --entrypoint cat "$image" /app/dist/sbom.cdx.json | grep '"bomFormat": "CycloneDX"'
docker inspect "$image" --format '{{json .Config.Labels}}' | grep '"org.opencontainers.image.title":"rice"'
echo "$image works"
