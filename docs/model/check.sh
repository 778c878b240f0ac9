#!/usr/bin/env bash
# Checks view-change.pml with spin, and that spin finds each mutant. Needs spin and gcc (Debian: apt-get install spin gcc).
#   docs/model/check.sh          one crash: what CI runs, half a minute of processor time
#   docs/model/check.sh --full   two crashes, 11 million states, and all mutants: a few minutes
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for tool in spin gcc; do
  command -v "$tool" >/dev/null || { echo "model: $tool is not installed; on Debian: apt-get install spin gcc" >&2; exit 2; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
bounds=(-DCRASHES=1 -DFALSE=1 -DMESSAGES=1 -DROUNDS=1)
mutants=(NO_MAJORITY DECIDE_ON_FIRST IGNORE_ACCEPTED CUT_FROM_OWN_KNOWLEDGE)
if [[ "${1:-}" == --full ]]; then
  bounds=(-DCRASHES=2 -DFALSE=1 -DMESSAGES=1 -DROUNDS=1)
  mutants+=(BODIES_LATER ACK_AFTER_WEDGE) # deep: millions of states each
fi

# Runs spin on the model with these macros: sets states and errors.
search() {
  spin -a "$@" "$here/view-change.pml" >spin.log
  gcc -O2 -w -DSAFETY -DMEMLIM=9000 -DCOLLAPSE -o pan pan.c
  ./pan -m100000 -w22 >pan.log
  errors=$(sed -n 's/.*errors: \([0-9]*\).*/\1/p' pan.log)
  states=$(sed -n 's/^ *\([0-9e.+]*\) states, stored.*/\1/p' pan.log)
  grep -q 'max search depth too small' pan.log && { echo "model: the search depth was too small" >&2; exit 1; }
  return 0
}

search "${bounds[@]}"
printf '%-24s %12s states, %s errors\n' "the protocol" "$states" "$errors"
[[ "$errors" == 0 ]] || { cat pan.log; echo "model: a rule of the view change is broken" >&2; exit 1; }
verdict=0
for mutant in "${mutants[@]}"; do
  search "${bounds[@]}" "-D$mutant"
  if [[ "$errors" == 0 ]]; then
    printf '%-24s %12s states: NOT FOUND\n' "$mutant" "$states"
    verdict=1
  else
    printf '%-24s %12s states: found, %s\n' "$mutant" "$states" "$(sed -n 's/^pan:[0-9]*: //p' pan.log | head -1)"
  fi
done
exit "$verdict"
