#!/usr/bin/env bash
# down.sh: stops what up.sh started, and nothing else.
#
#   STATE=FOLDER   as for up.sh (default /run/virt-node-kubernetes); what lies there stays
set -euo pipefail
[[ $# == 0 ]] || { sed -n '2,/^set /p' "$0" | sed '$d; s/^# \{0,1\}//'; exit 2; }

state=${STATE:-/run/virt-node-kubernetes}
for program in devapiserver etcd; do
  pid=$(cat "$state/$program.pid" 2>/dev/null) || continue
  # Its number may belong to another by now.
  if [[ $(cat "/proc/$pid/comm" 2>/dev/null) == "$program" ]]; then
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 50); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    if kill -0 "$pid" 2>/dev/null; then kill -9 "$pid"; fi
    echo "stopped $program ($pid)"
  fi
  rm -f "$state/$program.pid"
done
