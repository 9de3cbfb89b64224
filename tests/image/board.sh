# shellcheck shell=bash
# A board of stand-ins for scripts/test-image: nodes with a Raspberry Pi's names, groups and rules, and nothing behind them.

# board_make FOLDER: what any machine has, and none of a Raspberry Pi's devices.
board_make() {
  rm -rf "$1"
  mkdir -p "$1"/dev/{shm,pts,dma_heap} "$1"/{proc,etc}
  mknod -m 666 "$1/dev/null" c 1 3
  mknod -m 666 "$1/dev/zero" c 1 5
  mknod -m 666 "$1/dev/full" c 1 7
  mknod -m 666 "$1/dev/random" c 1 8
  mknod -m 666 "$1/dev/urandom" c 1 9
  mknod -m 666 "$1/dev/tty" c 5 0
  ln -s /proc/self/fd "$1/dev/fd"
  printf 'Character devices:\n  1 mem\n\nBlock devices:\n' > "$1/proc/devices"
  printf 'video:x:44:\ngpio:x:986:\ndialout:x:20:\n' > "$1/etc/group"
}

# board_node FOLDER NAME MAJOR MINOR GROUP: a node, in place of the one of that name.
board_node() {
  rm -f "$1/dev/$2"
  mknod -m 660 "$1/dev/$2" c "$3" "$4"
  chgrp "$5" "$1/dev/$2"
}
