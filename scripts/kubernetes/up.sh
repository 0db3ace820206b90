#!/usr/bin/env bash
# up.sh: starts the API server that build.sh built, and etcd below it, on loopback, and waits until it is ready.
#
#   STATE=FOLDER   keys, data, logs and STATE/USER.kubeconfig (default /run/virt-node-kubernetes)
#   KEEP=1         goes on with the data and keys of an earlier run
#   PORT=16444     ETCD_PORT=23790 (and the one after it)     OUT=FOLDER, as for build.sh
#   BIND=127.0.0.1 SANS="IP:10.0.0.5,DNS:host"     to serve other machines too
#   USERS="NAME=GROUP[;GROUP] …"                   who gets a token and a kubeconfig besides admin
#   ETCD_BIN, SERVER_BIN, SERVER_ARGS              other programs; more options, such as -v=4
set -euo pipefail
[[ $# == 0 ]] || { sed -n '2,/^set /p' "$0" | sed '$d; s/^# \{0,1\}//'; exit 2; }

out=${OUT:-/var/cache/virt-node-kubernetes}
state=${STATE:-/run/virt-node-kubernetes}
port=${PORT:-16444}
etcd_port=${ETCD_PORT:-23790}
etcd=${ETCD_BIN:-$out/etcd/etcd}
server=${SERVER_BIN:-$out/devapiserver}
users=${USERS:-"node-agent=node-agents system:serviceaccount:default:agent=system:serviceaccounts;system:serviceaccounts:default"}
pki=$state/pki
fail() { echo "kubernetes/up: $*" >&2; exit 1; }

[[ -x $etcd && -x $server ]] || fail "$etcd or $server is missing: run $(dirname "$0")/build.sh first"
for program in etcd devapiserver; do
  pid=$(cat "$state/$program.pid" 2>/dev/null || true)
  if [[ -n $pid && $(cat "/proc/$pid/comm" 2>/dev/null) == "$program" ]]; then
    fail "$program is running already ($pid): run down.sh first"
  fi
done
[[ -n ${KEEP:-} ]] || rm -rf "$state"
mkdir -p "$pki"
chmod 700 "$state"

openssl_quietly() { openssl "$@" 2>>"$state/openssl.log"; }
key_options=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)

# certificate NAME SUBJECT EXTENSIONS: makes NAME.crt and NAME.key, signed by our authority.
certificate() {
  openssl_quietly req "${key_options[@]}" -subj "$2" -keyout "$pki/$1.key" -out "$pki/$1.csr"
  openssl_quietly x509 -req -in "$pki/$1.csr" -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -CAcreateserial -days 3650 \
    -out "$pki/$1.crt" -extfile <(printf '%b' "$3")
  rm -f "$pki/$1.csr"
}

make_keys() {
  openssl_quietly req -x509 "${key_options[@]}" -days 3650 -subj /CN=devapiserver-ca -keyout "$pki/ca.key" \
    -out "$pki/ca.crt" -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
  local names="DNS:localhost,DNS:kubernetes.default.svc,IP:127.0.0.1${SANS:+,$SANS}"
  certificate server /CN=devapiserver "subjectAltName=$names\nextendedKeyUsage=serverAuth"
  certificate admin /O=system:masters/CN=admin extendedKeyUsage=clientAuth
  local number=1 user groups token
  for user in "token-admin=system:masters" $users; do
    groups=${user#*=}
    token=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
    echo "$token,${user%%=*},$number,\"${groups//;/,}\""
    number=$((number + 1))
  done >"$state/tokens.csv"
  chmod 600 "$state/tokens.csv" "$pki"/*.key
}

# kubeconfig NAME USER: writes NAME.kubeconfig for who shows what USER says.
kubeconfig() {
  cat >"$state/$1.kubeconfig" <<END
apiVersion: v1
kind: Config
current-context: dev
clusters: [{name: dev, cluster: {server: "https://127.0.0.1:$port", certificate-authority-data: $(base64 -w0 "$pki/ca.crt")}}]
contexts: [{name: dev, context: {cluster: dev, user: user, namespace: default}}]
users: [{name: user, user: {$2}}]
END
  chmod 600 "$state/$1.kubeconfig"
}

start() {
  local program=$1
  shift
  setsid "$@" >"$state/$program.log" 2>&1 </dev/null &
  echo $! >"$state/$program.pid"
}

must_live() {
  kill -0 "$(cat "$state/$1.pid")" 2>/dev/null && return
  tail -n 15 "$state/$1.log" >&2
  fail "$1 ended: see above"
}

ask() { curl -fsS --cacert "$pki/ca.crt" --cert "$pki/admin.crt" --key "$pki/admin.key" "https://127.0.0.1:$port$1" 2>/dev/null; }

[[ -s $pki/ca.crt ]] || make_keys
start etcd "$etcd" --data-dir="$state/etcd" --log-level=warn \
  --listen-client-urls="http://127.0.0.1:$etcd_port" --advertise-client-urls="http://127.0.0.1:$etcd_port" \
  --listen-peer-urls="http://127.0.0.1:$((etcd_port + 1))" \
  --initial-advertise-peer-urls="http://127.0.0.1:$((etcd_port + 1))" \
  --initial-cluster="default=http://127.0.0.1:$((etcd_port + 1))"
for _ in $(seq 100); do
  must_live etcd
  curl -fsS "http://127.0.0.1:$etcd_port/health" >/dev/null 2>&1 && break
  sleep 0.1
done
# Another etcd on this port would have answered in its place.
sleep 0.3
must_live etcd
# shellcheck disable=SC2086
start devapiserver "$server" -etcd "http://127.0.0.1:$etcd_port" -bind "${BIND:-127.0.0.1}" -port "$port" \
  -tls-cert "$pki/server.crt" -tls-key "$pki/server.key" -client-ca "$pki/ca.crt" -tokens "$state/tokens.csv" \
  ${SERVER_ARGS:-}
kubeconfig admin "client-certificate-data: $(base64 -w0 "$pki/admin.crt"), client-key-data: $(base64 -w0 "$pki/admin.key")"
while IFS=, read -r token user _; do kubeconfig "${user//:/_}" "token: $token"; done <"$state/tokens.csv"
for _ in $(seq 300); do
  must_live devapiserver
  if [[ $(ask /readyz) == ok ]] && ask /api/v1/namespaces/kube-node-lease >/dev/null; then
    echo "ready: https://127.0.0.1:$port, KUBECONFIG=$state/admin.kubeconfig"
    exit 0
  fi
  sleep 0.1
done
tail -n 20 "$state/devapiserver.log" >&2
fail "the API server is not ready after 30 s: see above"
