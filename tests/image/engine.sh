# shellcheck shell=bash
# A Docker engine of one's own, for scripts/test-image: unpacked Debian packages, its own folder, socket and
# process; nothing is installed and the machine's network is left as it is.
#
: "${work:?the folder that is kept between runs}" "${suite:?the Debian release of engine and base image}"
engine_packages=(docker.io docker-cli docker-compose containerd)

# shellcheck source=tests/image/packages.sh
. tests/image/packages.sh

# True where the engine can be had: root, overlayfs, a Debian whose apt works.
engine_possible() {
  debian_root || return 1
  grep -qw overlay /proc/filesystems || modprobe overlay 2> /dev/null || { echo "no overlayfs"; return 1; }
}

# Fetch and unpack once. runc and mmdebstrap are of this machine's own release, whose glibc they need.
engine_fetch() {
  [ -x "$work/root/usr/sbin/dockerd" ] && return
  echo "fetching a Docker engine to $work (once)"
  rm -rf "$work/root.new" "$work/root"
  unpack_packages "$suite" "$work/root.new" "${engine_packages[@]}"
  unpack_packages "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$work/root.new" runc mmdebstrap
  mv "$work/root.new" "$work/root"
}

# Start the engine and wait until it answers; its process id is in engine_pid.
engine_start() {
  export PATH="$work/root/usr/bin:$work/root/usr/sbin:$PATH"
  export DOCKER_CONFIG="$work/config" DOCKER_HOST="unix://$work/docker.sock"
  unset DOCKER_CONTEXT
  mkdir -p "$DOCKER_CONFIG/cli-plugins"
  ln -sf "$work/root/usr/libexec/docker/cli-plugins/docker-compose" "$DOCKER_CONFIG/cli-plugins/"
  rm -f "$work/docker.pid"
  dockerd --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/docker.pid" -H "$DOCKER_HOST" \
    --ip-forward=false --iptables=false --ip6tables=false --bridge=none > "$work/dockerd.log" 2>&1 &
  engine_pid=$!
  for _ in $(seq 120); do
    docker version > /dev/null 2>&1 && return
    kill -0 "$engine_pid" 2> /dev/null || break
    sleep 0.5
  done
  tail -n 20 "$work/dockerd.log"
  return 1
}

engine_stop() {
  kill "$engine_pid" 2> /dev/null || :
  wait "$engine_pid" || :
  # What it leaves behind: the network namespace of `network: host`.
  umount "$work"/exec/netns/* 2> /dev/null || :
}
