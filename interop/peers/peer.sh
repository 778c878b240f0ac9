#!/bin/bash
# What `groupcomm bench` asks of a peer:
#   peer.sh NAME check               0 when it can be measured
#   peer.sh NAME server NODES        starts what the nodes need; says "listening ADDRESS PID..." and ends with its input
#   peer.sh NAME node ID NODES AT    becomes the driver of one node
set -u
cd "$(dirname "$0")"
name=$1
verb=$2

say() { (IFS=$'\t'; echo "$*"); }

fail() { say failed "$1"; exit 1; }

# Ends with standard input, and takes with it what was started.
stay() {
  trap 'kill $(jobs -p) 2>/dev/null' EXIT
  cat >/dev/null
}

free_port() { echo $((20000 + RANDOM % 10000)); }

until_open() {
  for _ in $(seq 200); do
    (: </dev/tcp/127.0.0.1/"$1") 2>/dev/null && return
    sleep 0.05
  done
  fail "$name does not listen on port $1"
}

case $name in
  corosync) needs="corosync bin/corosync ip unshare nsenter" ;;
  jgroups) needs="java bin/Jgroups.class" ;;
  nats) needs="nats-server bin/pubsub" ;;
  redis) needs="redis-server bin/pubsub" ;;
  *) echo "peer.sh: $name is unknown" >&2; exit 2 ;;
esac

if [ "$verb" = check ]; then
  for need in $needs; do
    [ -e "$need" ] || command -v "$need" >/dev/null || exit 1
  done
  [ "$name" != jgroups ] || [ -e /usr/share/java/jgroups.jar ]
  exit
fi

work=${TMPDIR:-/tmp}/groupcomm-peer-$$

case $name-$verb in
  nats-server)
    port=$(free_port)
    mkdir "$work"
    printf 'listen: "127.0.0.1:%s"\nmax_payload: 8MB\nmax_pending: 1GB\n' "$port" >"$work/nats.conf"
    nats-server -c "$work/nats.conf" >&2 &
    until_open "$port"
    say listening "$port" $!
    stay
    rm -r "$work"
    ;;
  redis-server)
    port=$(free_port)
    redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no --client-output-buffer-limit pubsub 0 0 0 >&2 &
    until_open "$port"
    say listening "$port" $!
    stay
    ;;
  jgroups-server)
    say listening "$(free_port)"
    stay
    ;;
  corosync-server)
    # Daemons of one machine part by network namespace: one per node, on one bridge. All of it is gone with its processes.
    [ "$(id -u)" = 0 ] || fail "corosync needs root: a network namespace per node"
    [ -n "${INSIDE:-}" ] || INSIDE=1 exec unshare --net --mount ./peer.sh corosync server "$3"
    mkdir "$work"
    mount -t tmpfs none "$work"
    ip link add hub type bridge && ip link set hub up || fail "no network bridge can be made here"
    sed '1d' corosync.conf >"$work/corosync.conf"
    echo 'nodelist {' >>"$work/corosync.conf"
    for i in $(seq "$3"); do
      printf '  node {\n    nodeid: %s\n    name: n%s\n    ring0_addr: 10.77.0.%s\n  }\n' "$i" "$i" "$i" >>"$work/corosync.conf"
    done
    echo '}' >>"$work/corosync.conf"
    pids=()
    for i in $(seq "$3"); do
      unshare --net --mount --propagation private bash -c "
        mount -t tmpfs none /run; mount -t tmpfs none /dev/shm; mkdir -p /var/lib/corosync && mount -t tmpfs none /var/lib/corosync
        while ! ip link set eth up 2>/dev/null; do sleep 0.02; done
        ip link set lo up; ip addr add 10.77.0.$i/24 dev eth
        exec corosync -f -c '$work/corosync.conf'" >&2 &
      pids+=($!)
      sleep 0.2
      ip link add "v$i" type veth peer name eth netns "${pids[-1]}" && ip link set "v$i" master hub up || fail "no network link can be made here"
    done
    say listening "${pids[0]},${pids[*]}" "${pids[@]}"
    stay
    umount "$work"
    rmdir "$work"
    ;;
  corosync-node)
    read -ra pids <<<"${5#*,}"
    for _ in $(seq 100); do
      nsenter --target "${pids[$3 - 1]}" --net --mount corosync-quorumtool -s 2>/dev/null | grep -q "Total votes: *$4" && break
      sleep 0.1
    done
    exec nsenter --target "${pids[$3 - 1]}" --net --mount --wd="$PWD" bin/corosync "$3" "$4"
    ;;
  jgroups-node)
    exec java -Xms128m -Xmx1g -Dbench.port="$5" -Dbench.nodes="$4" -Djava.util.logging.config.file=/dev/null \
      -cp /usr/share/java/jgroups.jar:bin Jgroups "$3" "$4" jgroups.xml
    ;;
  nats-node | redis-node)
    exec bin/pubsub "$name" "$3" "$5"
    ;;
  *)
    fail "peer.sh: $verb is unknown"
    ;;
esac
