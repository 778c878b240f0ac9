#!/bin/sh
# Installs the systems that `groupcomm bench --against` measures (Debian's packages, as root) and builds the drivers.
# Nothing is started and nothing is enabled: the bench starts what it measures and ends it.
set -eu
cd "$(dirname "$0")"

packages="corosync libcpg-dev libjgroups-java default-jdk-headless nats-server redis-server libxxhash-dev gcc libc6-dev iproute2 util-linux"
missing=""
for package in $packages; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
  [ "$(id -u)" = 0 ] || { echo "install.sh: run it as root to install:$missing" >&2; exit 1; }
  apt-get update
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
fi

mkdir -p bin
gcc -O2 -Wall -Wextra -Werror -o bin/corosync corosync.c bench.c -lcpg
gcc -O2 -Wall -Wextra -Werror -o bin/pubsub pubsub.c bench.c
javac -cp /usr/share/java/jgroups.jar -d bin Jgroups.java
echo "ready: groupcomm bench --against raw,corosync,jgroups,nats,redis"
