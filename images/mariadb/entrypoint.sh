#!/bin/sh
# Starts MariaDB as the user the container runs as. An empty volume first gets a data directory out of the image: the
# template named by TEMPLATE, a shop that is already set up, or else an empty one. Its one start then makes database, user
# and the password of the store's Secret. A volume with data is taken as it is: its password is never changed here.
#
# TEMPLATE         name of a prepared data directory; empty: set up from scratch. Ignored on a volume with data
# DATABASE_NAME, DATABASE_USER  both default wordpress; read once, on the empty volume
# BUFFER_POOL_MB   default 64
# MAX_CONNECTIONS  default 30
# DATABASE_PASSWORD_FILE  default /run/secrets/urumi/database/password
#
# Writes /data, /run/mysqld and /tmp. A cause that is known is one line on standard error: `urumi: cause=<Code>: …`.
set -eu
umask 077

volume=/data
data=$volume/mysql
templates=/usr/share/urumi/template
run=/run/mysqld
password_file=${DATABASE_PASSWORD_FILE:-/run/secrets/urumi/database/password}
name=${DATABASE_NAME:-wordpress}
user=${DATABASE_USER:-wordpress}
server=
hash=

# Process 1 ignores signals it has no handler for. The server runs as its child, where a signal that comes before the
# server has a handler of its own ends it; it stops cleanly otherwise.
stop() {
  [ -z "$server" ] || end_server
  exit 143
}

# The server can lose a signal that comes right before it is ready, and hangs for ever when it is asked to stop during the
# statements of its first start. There is nothing of a shop's yet, and the next start repeats them: so that one is killed.
end_server() {
  signal=TERM
  [ ! -e "$data/urumi-fresh" ] || signal=KILL
  while kill -"$signal" "$server" 2> /dev/null; do sleep 0.5; done &
  wait "$server" || true
}
trap stop TERM INT

# The explanation a person sees: code, what is wrong, the next step.
give_up() {
  echo "urumi: cause=$1: $2" >&2
  exit "${3:-1}"
}

is_full() {
  [ "$(df --output=avail -k "$volume" | tail -n 1)" -lt 1024 ]
}

full='The database volume is full. Give it a larger size or free space on its node; the data on it is kept.'

# The hash that MariaDB itself would keep, twice SHA-1: the password enters no statement, file, argument or log.
# A Secret's file has no line end, one written by hand may.
hash_password() {
  [ -s "$password_file" ] || give_up InputBad "The database password file $password_file is missing or empty: give the store's Secret database a password." 42
  secret=$(cat "$password_file")
  once=$(printf %s "$secret" | sha1sum | cut -c 1-40 | tr a-f A-F)
  hash=$(printf %s "$once" | basenc --base16 --decode | sha1sum | cut -c 1-40 | tr a-f A-F)
  unset secret once
}

# In the background, as a command in front would keep a signal waiting until it ends.
begin_unpacking() {
  zstd -dcq "$1" 2> "$run/unpack.log" | tar -xf - -C "$2" 2>> "$run/unpack.log" &
  unpacking=$!
}

end_unpacking() {
  wait "$unpacking" && return
  cat "$run/unpack.log" >&2
  rm -rf "$1"
  if is_full || grep_file 'No space left' "$run/unpack.log"; then give_up VolumeFull "$full"; fi
  exit 1
}

grep_file() {
  while IFS= read -r line; do case $line in *"$1"*) return 0 ;; esac; done < "$2"
  return 1
}

# Names go into statements between backticks and quotes: letters, digits and underscores need no care there.
case "$name$user" in *[!A-Za-z0-9_]* | '') give_up InputBad 'DATABASE_NAME and DATABASE_USER may hold letters, digits and underscores only.' 42 ;; esac
case "${TEMPLATE:-empty}" in *[!A-Za-z0-9._-]*) give_up InputBad 'TEMPLATE is not the name of a template.' 42 ;; esac

if [ ! -d "$data" ]; then
  archive=$templates/${TEMPLATE:-empty}.tar.zst
  [ -f "$archive" ] || give_up TemplateMissing "The image has no template $TEMPLATE. Install the shop with setup.route=scratch, or give the database image that carries it."
  # Beside its place and moved when whole: a start that dies half-way leaves nothing that looks like data.
  rm -rf "$data.new"
  mkdir "$data.new" 2> "$run/unpack.log" || { cat "$run/unpack.log" >&2; is_full && give_up VolumeFull "$full"; exit 1; }
  begin_unpacking "$archive" "$data.new"
  hash_password
  end_unpacking "$data.new"
  # From here to the end of the first start's statements; they may run again.
  : > "$data.new/urumi-fresh"
  mv "$data.new" "$data"
  # To the disk at once, but beside the start: waiting for it can take seconds on a busy node.
  sync -f "$data" &
fi

set -- mariadbd --defaults-file=/etc/urumi/mariadb.cnf \
  --innodb-buffer-pool-size="${BUFFER_POOL_MB:-64}M" \
  --max-connections="${MAX_CONNECTIONS:-30}"

rm -f "$run"/urumi-*
if [ -e "$data/urumi-fresh" ]; then
  [ -n "$hash" ] || hash_password
  # One statement a line. The server goes on after an error in one, but skips the rest: the last one proves them all.
  cat > "$run/urumi-init.sql" << STATEMENTS
CREATE DATABASE IF NOT EXISTS \`$name\`;
CREATE USER IF NOT EXISTS '$user'@'%';
ALTER USER '$user'@'%' IDENTIFIED BY PASSWORD '*$hash';
GRANT ALL PRIVILEGES ON \`$name\`.* TO '$user'@'%';
SELECT 1 INTO OUTFILE '$run/urumi-done';
STATEMENTS
  set -- "$@" --init-file="$run/urumi-init.sql"
fi

"$@" &
server=$!

if [ -e "$data/urumi-fresh" ]; then
  # The server takes connections only after the statements: the first answer decides.
  until mariadb --no-defaults --skip-ssl --socket="$run/mysqld.sock" --execute='DO 1' 2> /dev/null; do
    kill -0 "$server" 2> /dev/null || break
    sleep 0.05
  done
  if [ -e "$run/urumi-done" ]; then
    rm -f "$data/urumi-fresh" "$run"/urumi-*
  elif kill -0 "$server" 2> /dev/null; then
    end_server
    give_up InputBad 'The first statements of the database failed; its log above names the error. Nothing was kept from them.'
  fi
fi

code=0
wait "$server" || code=$?
if [ "$code" -ne 0 ] && is_full; then give_up VolumeFull "$full"; fi
exit "$code"
