#!/usr/bin/env bash
# Runs a command that must not outlive a lease.
#
#   guard.sh DEADLINE COMMAND [ARGUMENT...]      deadlines on descriptor 3, one a line
#
# A deadline is a moment in hundredths of a second of /proc/uptime. Each line replaces the one before. When the last one
# passes, or descriptor 3 closes, the command's process group gets SIGTERM and a second later SIGKILL: so it ends with a
# parent that was killed, stopped, is blocked or cut off. SIGTERM, SIGINT and SIGHUP pass on to the group. The exit code
# is the command's; 124 where the deadline had passed before the start.

set -m # each background job becomes a process group of its own
deadline=$1
shift
command=''
stopping=''

pass_on() {
  stopping=yes
  [[ -n $command ]] && kill -TERM -- "-$command" 2>/dev/null
}
trap pass_on TERM INT HUP

read_clock() {
  local up rest
  read -r up rest </proc/uptime
  now=$((10#${up/./}))
}

watch_deadlines() {
  # Holds no pipe of the command's, or its reader would wait for this process.
  exec 0<&- >/dev/null 2>&1
  trap - TERM INT HUP
  local line left wait
  while read_clock && ((left = deadline - now, left > 0)); do
    printf -v wait '%d.%02d' $((left / 100)) $((left % 100))
    if IFS= read -r -t "$wait" -u 3 line; then
      [[ $line =~ ^[0-9]+$ ]] && deadline=$line
    elif (($? <= 128)); then
      break # closed; more than 128 is the timeout
    fi
  done
  kill -TERM -- "-$command"
  sleep 1
  kill -KILL -- "-$command"
}

read_clock
((deadline > now)) || exit 124

"$@" <&0 3<&- &
command=$!
[[ -n $stopping ]] && pass_on
watch_deadlines &
watcher=$!
# Stderr too: the shell would report the command's end there, among the command's own words.
exec 0<&- 2>/dev/null 3<&-

# A trapped signal ends `wait` with nothing named: it waits again.
ended=''
until [[ -n $ended ]]; do
  wait -n -p ended "$command" "$watcher"
  status=$?
done
if [[ $ended == "$watcher" ]]; then
  # Past the deadline, or the watcher itself was ended: either way nothing guards the command any more.
  kill -KILL -- "-$command"
  wait "$command"
  status=$?
fi
# What the command may have left in its group, and the watcher.
kill -KILL -- "-$command" "-$watcher"
exit "$status"
