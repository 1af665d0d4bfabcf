# Sourced by a stage's packages.sh, which says in arrays what the stage needs: packages, needed_programs, needed_files,
# and needed_modules of Python.
# What is needed is asked of the programs and files, not of dpkg, so that a machine that has them
# from elsewhere is fine.
missing_why=

missing() {
  local thing
  for thing in "${needed_programs[@]}"; do command -v "$thing" >/dev/null || echo "$thing"; done
  # Patterns too: what a package brings may have a version in its path, and is not there yet when the list is read.
  for thing in "${needed_files[@]}"; do compgen -G "$thing" >/dev/null || echo "$thing"; done
  for thing in ${needed_modules[@]+"${needed_modules[@]}"}; do
    python3 -c "import $thing" 2>/dev/null || echo "Python's $thing"
  done
}

ensure_packages() {
  PATH=$PATH:/usr/sbin:/sbin   # where Debian keeps its daemons
  [ -z "$(missing)" ] && return 0
  missing_why="missing: $(missing | tr '\n' ' ')"
  command -v apt-get >/dev/null || { missing_why+="and there is no apt-get"; return 1; }
  [ "$(id -u)" = 0 ] || { missing_why+="and only root can install"; return 1; }
  echo "== installing ${packages[*]}"
  local policy=/usr/sbin/policy-rc.d mine=no status=0 log
  log=$(mktemp)
  # The packages would start their services; we start our own. An existing policy is left alone.
  if [ ! -e $policy ]; then printf '#!/bin/sh\nexit 101\n' >$policy; chmod 755 $policy; mine=yes; fi
  { apt-get update &&
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${packages[@]}"
  } >"$log" 2>&1 || status=$?
  [ $mine = yes ] && rm -f $policy
  [ $status = 0 ] || { tail -n 15 "$log" >&2; rm -f "$log"; missing_why+="and apt-get failed"; return 1; }
  rm -f "$log"
  [ -z "$(missing)" ] && return 0
  missing_why="still missing after apt-get installed ${packages[*]}: $(missing | tr '\n' ' ')"
  return 1
}
