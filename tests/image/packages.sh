# shellcheck shell=bash
# Debian packages, fetched and unpacked into a folder; nothing is installed.

# True where this is a Debian, and root's.
debian_root() {
  [ "$(id -u)" = 0 ] || { echo "not root"; return 1; }
  command -v apt-get > /dev/null && [ -e /etc/debian_version ] || { echo "not a Debian"; return 1; }
}

# unpack_packages RELEASE FOLDER PACKAGE...: of another release than this machine's, from where its own come from.
unpack_packages() {
  local release=$1 folder=$2 apt file own
  shift 2
  own=$(. /etc/os-release && echo "$VERSION_CODENAME")
  apt=$(mktemp -d)
  mkdir -p "$apt/"{lists/partial,sources,cache/archives/partial,debs} "$folder"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    if [ -f "$file" ] && grep -qE '/debian/?([[:space:]]|$)' "$file"; then
      sed "s/\b$own\b/$release/g" "$file" > "$apt/sources/${file##*/}"
    fi
  done
  local options=(-qq -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$apt/sources"
    -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache"
    -o APT::Sandbox::User=root -o Acquire::Languages=none)
  apt-get "${options[@]}" update &&
    (cd "$apt/debs" && apt-get "${options[@]}" download "$@" > /dev/null) &&
    for file in "$apt/debs/"*.deb; do dpkg-deb -x "$file" "$folder" || return; done
  local code=$?
  rm -rf "$apt"
  return "$code"
}
