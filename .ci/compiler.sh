# Sourced by the gate: a C compiler and make for the client in interop/c. Where one of them is missing and packages can be installed
# (Debian, root), it installs them.
#   find_compiler      0 when there are both
find_compiler() {
  command -v cc >/dev/null && command -v make >/dev/null && return 0
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 1
  # The lock of the packages is held while the engine is being installed: wait for it.
  apt-get -o DPkg::Lock::Timeout=600 update >/dev/null &&
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends gcc libc6-dev make >/dev/null
}
