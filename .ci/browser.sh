# Sourced by the gate: a Chromium for the tests of the live page. Where none is on the path and packages can be installed (Debian, root),
# it installs one; then the tests must run, not skip.
#   find_browser       0 when there is one
find_browser() {
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && return 0
  done
  [[ -n ${GROUPCOMM_CHROMIUM:-} ]] && return 0
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 1
  # The lock of the packages is held while the engine is being installed: wait for it.
  apt-get -o DPkg::Lock::Timeout=600 update >/dev/null &&
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends chromium fonts-dejavu-core >/dev/null
}
