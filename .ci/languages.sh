# Sourced by the gate: what the tests of the clients run in. What is missing is installed where packages can be (Debian, root); then
# the tests must run, not skip.
#   find_languages     0 when all are there
find_languages() {
  local -A packages=([python3]=python3 [node]=nodejs [javac]=default-jdk-headless [cc]="gcc libc6-dev" [make]=make)
  local tool missing=()
  for tool in "${!packages[@]}"; do
    command -v "$tool" >/dev/null || missing+=(${packages[$tool]})
  done
  ((${#missing[@]} > 0)) || return 0
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 1
  # The lock of the packages is held while the engine is being installed: wait for it.
  apt-get -o DPkg::Lock::Timeout=600 update >/dev/null &&
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "${missing[@]}" >/dev/null
}
