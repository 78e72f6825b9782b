#!/bin/sh
# Called by inside.ts in namespaces of its own: `inside.sh <script> <out> <root>…`. Gives each root what a container
# has and hands over to the script. The mounts end with the namespace.
set -eu
script=$1
out=$2
shift 2
# No name of the building machine gets into what is made.
echo localhost > /proc/sys/kernel/hostname
ip link set lo up
for root in "$@"; do
  mkdir -p "$root/dev" "$root/proc" "$root/tmp"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
  mount -t proc proc "$root/proc"
  mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
done
exec sh "$script" "$out" "$@"
