# Sourced by a stage's packages.sh, which says in arrays what the stage needs: packages, needed_programs, needed_files
# (patterns), and needed_modules of Python.
# What is needed is asked of the programs and files, not of dpkg, so that a machine that has them
# from elsewhere is fine.
missing_why=

missing() {
  local thing
  for thing in "${needed_programs[@]}"; do command -v "$thing" >/dev/null || echo "$thing"; done
  # Matched now, not when the array was made: the files come in between.
  for thing in "${needed_files[@]}"; do compgen -G "$thing" >/dev/null || echo "$thing"; done
  for thing in ${needed_modules[@]+"${needed_modules[@]}"}; do
    python3 -c "import $thing" 2>/dev/null || echo "Python's $thing"
  done
}

installed() { dpkg-query -W -f '${db:Status-Status} ${binary:Package}\n' | sed -n 's/^installed //p' | sort; }

# retire PACKAGE...: what these would run by themselves, now or after the next start of the machine. A service or timer can be
# enabled again, and an upgrade leaves it disabled. A cron job has no switch; dpkg does not bring back one that was deleted.
retire() {
  local file name links retired=()
  while read -r file; do
    name=${file##*/} links=()
    case $file in
      # As systemctl disable does, which is not where there is no systemd yet.
      */systemd/system/*) mapfile -t links < <(compgen -G "/etc/systemd/system/*.wants/$name") ;;
      /etc/init.d/*)
        compgen -G "/etc/rc[2-5].d/S??$name" >/dev/null || continue
        update-rc.d "$name" disable >/dev/null || continue
        retired+=("$name") ;;
      /etc/cron.*) links=("$file") ;;
    esac
    [ ${#links[@]} = 0 ] || { rm "${links[@]}" && retired+=("$name"); }
  done < <(dpkg-query -L "$@" | grep -E '^(/usr)?/lib/systemd/system/[^/]+\.(service|socket|path|timer)$|^/etc/(init\.d|cron\.[a-z]+)/[^/]+$')
  [ ${#retired[@]} = 0 ] || echo "== disabled, for it came with these packages: $(printf '%s\n' "${retired[@]%.*}" | sort -u | tr '\n' ' ')"
}

# In a shell of its own, whose end puts things in order even when it is interrupted.
install_packages() (
  policy=/usr/sbin/policy-rc.d mine=no new=()
  log=$(mktemp) before=$(installed)
  done_with() {
    [ $mine = yes ] && rm -f $policy
    rm -f "$log"
    # Only what came now: who has a running Apache keeps it.
    mapfile -t new < <(comm -13 <(printf '%s\n' "$before") <(installed))
    [ ${#new[@]} = 0 ] || retire "${new[@]}"
  }
  trap done_with EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  # The packages would start their services; we start our own. An existing policy is left alone.
  if [ ! -e $policy ]; then mine=yes; printf '#!/bin/sh\nexit 101\n' >$policy; chmod 755 $policy; fi
  apt() { DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@" </dev/null 9<&- >"$log" 2>&1; }
  apt update && apt install -y --no-install-recommends --no-upgrade "${packages[@]}" && exit 0
  tail -n 15 "$log" >&2
  exit 1
)

ensure_packages() {
  PATH=$PATH:/usr/sbin:/sbin   # where Debian keeps its daemons
  [ -z "$(missing)" ] && return 0
  missing_why="missing: $(missing | tr '\n' ' ')"
  command -v apt-get >/dev/null || { missing_why+="and there is no apt-get"; return 1; }
  [ "$(id -u)" = 0 ] || { missing_why+="and only root can install"; return 1; }
  local status=0
  # Two stages at once would take each other's policy away: one at a time, by a lock that leaves no file.
  {
    flock 9
    if [ -n "$(missing)" ]; then
      echo "== installing ${packages[*]}"
      install_packages || status=$?
    fi
  } 9</usr/sbin
  [ -z "$(missing)" ] && return 0
  missing_why="missing: $(missing | tr '\n' ' ')"
  [ $status = 0 ] && missing_why+="though all packages were installed" || missing_why+="and apt-get failed"
  return 1
}
