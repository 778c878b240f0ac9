# Sourced by the gate: an engine for the tests with containers, and an image to build the daemon's upon.
#   start_engine       finds a running engine usable, else installs and starts one (Debian, root); finds or makes the base image
#   use_engine         sets what the tests read
#   remove_leftovers   takes away what a run that was cut off left behind
# What is made lies in $engine_cache and is found there by the next run. The engine itself is left running.
engine_cache=${XDG_CACHE_HOME:-$HOME/.cache}/groupcomm
engine_facts=$(mktemp -d)
export GROUPCOMM_RUN=gate-$$-$RANDOM

readonly public_base=debian:bookworm-slim own_base=groupcomm-base:bookworm
readonly base_packages=ca-certificates,libssl3,libgcc-s1,libstdc++6,zlib1g,iptables,iproute2

start_engine() {
  local started=$SECONDS
  mkdir -p "$engine_cache"
  # Two gates on one machine must not install at once. The lock must not outlive this function, so the daemon is not given it.
  (
    flock 9
    find_engine && find_base
  ) 9>"$engine_cache/lock" >"$engine_facts/log" 2>&1 || { cat "$engine_facts/log" >&2; return 1; }
  echo $((SECONDS - started)) >"$engine_facts/seconds"
}

find_engine() {
  find_compose
  docker info && return 0
  if ! command -v dockerd; then
    [[ $(id -u) == 0 ]] && command -v apt-get || { echo "gate: no container engine answers and none can be installed: start Docker and run again"; return 1; }
    apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends docker.io iptables || return 1
  fi
  setsid dockerd >"$engine_cache/dockerd.log" 2>&1 </dev/null 9>&- &
  for ((i = 0; i < 120; i++)); do
    docker info >/dev/null 2>&1 && return 0
    sleep 0.5
  done
  echo "gate: dockerd does not answer:"
  tail -20 "$engine_cache/dockerd.log"
  return 1
}

# For the sample of three nodes. Where there is none of either form, its test fails and says so.
find_compose() {
  docker compose version || docker-compose version && return 0
  if [[ $(id -u) == 0 ]] && command -v apt-get; then
    apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends docker-compose || true
  fi
}

# The tests cut links with iptables, which the public base has not: the gate makes its own, and takes the public one only where
# it cannot. Of any other than the public one the tests are told the name.
find_base() {
  if ! docker image inspect "$own_base" >/dev/null 2>&1; then
    if [[ ! -f $engine_cache/base.tar ]] && ! make_base; then
      docker image inspect "$public_base" >/dev/null 2>&1 || timeout 60 docker pull -q "$public_base"
      return
    fi
    docker import "$engine_cache/base.tar" "$own_base" || return 1
  fi
  echo "$own_base" >"$engine_facts/base"
}

make_base() {
  command -v debootstrap || { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends debootstrap; } || return 1
  local root
  root=$(mktemp -d) || return 1
  debootstrap --variant=minbase --include="$base_packages" bookworm "$root" &&
    tar -C "$root" -c . >"$engine_cache/base.tar.new" && mv "$engine_cache/base.tar.new" "$engine_cache/base.tar"
  local made=$?
  rm -rf "$root"
  return "$made"
}

use_engine() {
  engine_seconds=$(cat "$engine_facts/seconds" 2>/dev/null || echo 0)
  export GROUPCOMM_REQUIRE_DOCKER=1 TESTCONTAINERS_RYUK_DISABLED=true # its image cannot be pulled everywhere; remove_leftovers does its work
  if [[ -z ${GROUPCOMM_BASE_IMAGE:-} && -f $engine_facts/base ]]; then
    GROUPCOMM_BASE_IMAGE=$(cat "$engine_facts/base")
    export GROUPCOMM_BASE_IMAGE
  fi
  # Testcontainers speaks 1.44; an older engine has to be asked in its own version.
  local version
  version=$(docker version --format '{{.Server.APIVersion}}' 2>/dev/null) || return 0
  if [[ $(printf '%s\n' "$version" 1.44 | sort -V | head -1) != 1.44 ]]; then export DOCKER_API_VERSION=$version; fi
}

remove_leftovers() {
  rm -rf "$engine_facts"
  docker info >/dev/null 2>&1 || return 0
  local mine=label=groupcomm.run=$GROUPCOMM_RUN composed=label=com.docker.compose.project=${GROUPCOMM_RUN,,}
  for filter in "$mine" "$composed"; do
    docker ps -aq --filter "$filter" | xargs -r docker rm -f >/dev/null
    docker network ls -q --filter "$filter" | xargs -r docker network rm >/dev/null
  done
  docker images -q --filter "$mine" | xargs -r docker rmi -f >/dev/null
}
