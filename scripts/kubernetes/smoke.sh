#!/usr/bin/env bash
# smoke.sh: checks the API server that up.sh started, with kubectl and curl: CRDs, the status subresource, patches,
# conflicts, watches with bookmarks, finalizers, RBAC. Leaves nothing behind but the CRD of its widgets.
#
#   STATE=FOLDER   as for up.sh (default /run/virt-node-kubernetes)
set -uo pipefail
[[ $# == 0 ]] || { sed -n '2,/^set /p' "$0" | sed '$d; s/^# \{0,1\}//'; exit 2; }

state=${STATE:-/run/virt-node-kubernetes}
export KUBECONFIG=$state/admin.kubeconfig
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

token() { awk -F, -v user="$1" '$2 == user { print $1 }' "$state/tokens.csv"; }
admin=$(token token-admin)
agent=$(token node-agent)
server=$(kubectl config view --raw -o jsonpath='{.clusters[0].cluster.server}')
widgets=$server/apis/example.test/v1/namespaces/default/widgets

# ask TOKEN CURL-ARGUMENTS: prints the answer. code, likewise: prints its status, and leaves the answer in $work/body.
ask() { curl -sS --cacert "$state/pki/ca.crt" -H "Authorization: Bearer $1" "${@:2}"; }
code() { ask "$@" -o "$work/body" -w '%{http_code}'; }
merge() { code "$1" -X PATCH -H 'Content-Type: application/merge-patch+json' -d "$3" "$widgets/$2"; }
# expect WHAT WANTED FOUND
expect() {
  if [[ $2 == "$3" ]]; then echo "ok   $1"; else echo "FAIL $1: want $2, got $3"; failed=1; fi
}

kubectl apply -f - >/dev/null <<'END'
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.test}
spec:
  group: example.test
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {size: {type: integer}}}
          status: {type: object, x-kubernetes-preserve-unknown-fields: true}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: smoke-agent}
rules: [{apiGroups: [example.test], resources: [widgets, widgets/status], verbs: [get, list, watch, patch]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: smoke-agent}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: smoke-agent}
subjects: [{kind: User, name: node-agent}]
END
kubectl wait --for=condition=Established crd/widgets.example.test >/dev/null
for _ in $(seq 50); do
  [[ $(code "$agent" "$widgets") == 200 ]] && break
  sleep 0.1
done

version=$(ask "$agent" "$widgets" | jq -r .metadata.resourceVersion)
watch="watch=1&allowWatchBookmarks=true&timeoutSeconds=6&resourceVersion=$version"
ask "$agent" -N "$widgets?$watch" >"$work/watch" &
watching=$!

widget='{"apiVersion":"example.test/v1","kind":"Widget","metadata":{"name":"w","finalizers":["example.test/f"]},"spec":{"size":1},"status":{"x":1}}'
expect "create" 201 "$(code "$admin" -X POST -H 'Content-Type: application/json' -d "$widget" "$widgets")"
expect "status dropped on create" null "$(jq -c .status "$work/body")"
expect "schema enforced" 422 "$(merge "$admin" w '{"spec":{"size":"x"}}')"
expect "status merge-patch by the agent" 200 "$(merge "$agent" w/status '{"status":{"phase":"Running"},"spec":{"size":9}}')"
expect "spec untouched by it" 1Running "$(jq -r '"\(.spec.size)\(.status.phase)"' "$work/body")"
expect "stale resourceVersion conflicts" 409 \
  "$(merge "$agent" w/status '{"metadata":{"resourceVersion":"1"},"status":{"phase":"X"}}')"
expect "agent may not delete" 403 "$(code "$agent" -X DELETE "$widgets/w")"
expect "delete waits for the finalizer" 200 "$(code "$admin" -X DELETE "$widgets/w")"
expect "  still there" 200 "$(code "$agent" "$widgets/w")"
expect "removing the finalizer" 200 "$(merge "$agent" w '{"metadata":{"finalizers":null}}')"
expect "  gone" 404 "$(code "$agent" "$widgets/w")"
expect "watch from an unknown old version" 410 \
  "$(ask "$admin" "$widgets?watch=1&timeoutSeconds=2&resourceVersion=1" | jq -r '.code // .object.code' | head -n 1)"
expect "no token" 401 "$(curl -s --cacert "$state/pki/ca.crt" -o /dev/null -w '%{http_code}' "$widgets")"
wait "$watching"
# However many bookmarks come, they count as one.
expect "watch events" "ADDED MODIFIED MODIFIED DELETED BOOKMARK" \
  "$(jq -r .type "$work/watch" | awk '$1 != "BOOKMARK" || last != $1 { printf "%s%s", sep, $1; sep = " " } { last = $1 }')"
kubectl delete clusterrole,clusterrolebinding smoke-agent >/dev/null
exit "$failed"
