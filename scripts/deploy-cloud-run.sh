#!/usr/bin/env bash
# Deploys an image to Google Cloud Run as a canary: first without traffic, then with a share of it, then with all. If its
# answers are wrong or the share of server errors in its log is too high, all traffic goes back to the previous revision.
#
#   PROJECT=... REGION=... deploy-cloud-run.sh REGION-docker.pkg.dev/PROJECT/rice/rice@sha256:...
#
# CANARY_PERCENT (10) of the requests go to it for CANARY_LOOKS (10) checks, CANARY_PAUSE (60) seconds apart.
set -euo pipefail
image=${1:?the image is missing, with its digest}
here=$(cd "$(dirname "$0")" && pwd)
percent=${CANARY_PERCENT:-10}
revision=rice-$(date -u +%Y%m%d-%H%M%S)
where=(--project "${PROJECT:?}" --region "${REGION:?}")
service=$(mktemp)
trap 'rm -f "$service"' EXIT

case $image in
  *@sha256:*) ;;
  *) echo "$image has no digest: the deployed image might not be the tested one" >&2; exit 2 ;;
esac

# Evaluates a JavaScript expression on the state of the service and prints the result.
state() {
  gcloud run services describe rice "${where[@]}" --format json |
    node -p "const {status} = JSON.parse(require('node:fs').readFileSync(0)); $1"
}

give() {
  gcloud run services update-traffic rice "${where[@]}" --quiet --to-revisions "$1"
}

# At most 1 % of the requests to the new revision may have failed with a server error.
expect_few_errors() {
  local statuses requests errors
  statuses=$(gcloud logging read "log_id(\"run.googleapis.com/requests\") AND resource.labels.service_name=\"rice\" AND \
resource.labels.revision_name=\"$revision\"" --project "$PROJECT" --freshness 1h --limit 10000 \
    --format 'value(httpRequest.status)')
  requests=$(grep -c . <<<"$statuses" || true)
  errors=$(grep -c '^5' <<<"$statuses" || true)
  echo "$revision: $requests requests, $errors server errors"
  [ $((errors * 100)) -le "$requests" ]
}

stable=
if [ -n "$(gcloud run services list "${where[@]}" --filter metadata.name=rice --format 'value(metadata.name)')" ]; then
  stable=$(state "status.traffic.reduce((most, each) => ((each.percent ?? 0) > (most.percent ?? 0) ? each : most)).revisionName")
fi

awk -v image="$image" -v project="$PROJECT" -v revision="$revision" '
  { sub(/REGION-docker\.pkg\.dev\/PROJECT\/rice\/rice:[^ ]+/, image); sub(/value: PROJECT/, "value: " project); print }
  /^    metadata:$/ { print "      name: " revision }
' "$here/../docs/deploy/cloud-run-service.yaml" >"$service"
if [ -n "$stable" ]; then
  cat >>"$service" <<YAML
  traffic:
    - revisionName: $stable
      percent: 100
    - revisionName: $revision
      percent: 0
      tag: canary
YAML
fi

roll_back() {
  rm -f "$service"
  echo "$revision fails: all requests go to $stable" >&2
  give "$stable=100"
}
if [ -n "$stable" ]; then trap roll_back EXIT; fi

gcloud run services replace "$service" "${where[@]}" --quiet
RICE_API_KEY=$(gcloud secrets versions access latest --secret rice-api-key --project "$PROJECT")
export RICE_API_KEY
if [ -n "$stable" ]; then
  canary=$(state "status.traffic.find(({tag}) => tag === 'canary').url")
  bash "$here/check-service.sh" "$canary"
  give "$revision=$percent,$stable=$((100 - percent))"
  for _ in $(seq "${CANARY_LOOKS:-10}"); do
    sleep "${CANARY_PAUSE:-60}"
    bash "$here/check-service.sh" "$canary"
    expect_few_errors
  done
  give "$revision=100"
fi
bash "$here/check-service.sh" "$(state status.url)"
trap 'rm -f "$service"' EXIT
echo "$revision serves all requests"
