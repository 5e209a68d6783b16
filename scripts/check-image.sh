#!/usr/bin/env bash
# Runs an image as it is run in production, on a disk that cannot be written and without rights, and asks it. What it is for
# is told by its name alone, best with its digest: what was checked is then what is deployed.
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
# It ends by itself, within the time that Cloud Run gives.
docker stop --time 10 "$container" >/dev/null
test "$(docker inspect "$container" --format '{{.State.ExitCode}}')" = 0

# Another command, on pictures from outside; and the list of what it is made of is in it.
docker run --rm --read-only --network none --volume "$here/../test/samples:/photos:ro" "$image" predict /photos
docker run --rm --network none --entrypoint cat "$image" /app/dist/sbom.cdx.json | grep '"bomFormat": "CycloneDX"'
docker inspect "$image" --format '{{json .Config.Labels}}' | grep '"org.opencontainers.image.title":"rice"'
echo "$image is well"
