# Sourced by run: the Debian packages of the stage, and what they are needed for.
packages=(chromium chromium-driver python3)
needed_programs=(chromium chromedriver python3 npm)
needed_files=(/usr/bin/chromium)
# Debian's npm brings its own node: not where there is one from elsewhere.
command -v npm >/dev/null || packages+=(npm)
# shellcheck source=../packages.sh
. "$(dirname "${BASH_SOURCE[0]}")/../packages.sh"
