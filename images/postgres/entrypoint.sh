#!/bin/sh
# Starts PostgreSQL as the user the container runs as. On an empty volume it first makes the data directory, with the role
# and database `medusa` and the password of the store's Secret: out of the template named by TEMPLATE, a shop that is
# already set up, or else empty. A volume with data is taken as it is: its password is never changed here.
#
# TEMPLATE           name of a prepared data directory; empty: set up from scratch. Ignored on a volume with data
# POSTGRES_USER, POSTGRES_DB  both default medusa; read once, on the empty volume
# PGDATA             folder below the volume (PostgreSQL wants to own it, the mount point belongs to root)
# SHARED_BUFFERS_MB  default 64
# MAX_CONNECTIONS    default 60
# DATABASE_PASSWORD_FILE  default /run/secrets/urumi/database/password
#
# Log-in from outside only with the password. A cause that is known is one line on standard error: `urumi: cause=<Code>: …`.
set -eu
umask 077

# Process 1 ignores signals it has no handler for; PostgreSQL brings its own once it runs. What takes longer than a moment
# runs in the background, as a shell answers a signal only between its own commands.
trap 'exit 143' TERM INT

user=${POSTGRES_USER:-medusa}
database=${POSTGRES_DB:-medusa}
data=${PGDATA:-/data/pgdata}
new=$data.new
volume=${data%/*}
password_file=${DATABASE_PASSWORD_FILE:-/run/secrets/urumi/database/password}
log=/tmp/urumi-first-start.log

# The explanation a person sees: code, what is wrong, the next step.
give_up() {
  echo "urumi: cause=$1: $2" >&2
  exit "${3:-1}"
}

is_full() {
  [ "$(df --output=avail -k "$volume" | tail -n 1)" -lt 1024 ]
}

full='The database volume is full. Give it a larger size or free space on its node; the data on it is kept.'

# Runs one step of the first start; where it fails for want of room, says so.
first() {
  "$@" > "$log" 2>&1 &
  wait $! && return
  cat "$log" >&2
  if is_full || says_full; then rm -rf "$new"; give_up VolumeFull "$full"; fi
  exit 1
}

says_full() {
  while IFS= read -r line; do case $line in *'No space left'*) return 0 ;; esac; done < "$log"
  return 1
}

unpack() {
  mkdir "$2" && zstd -dcq "$1" | tar -xf - -C "$2"
}

# A password as an SQL text: quotes doubled, nothing else has a meaning there.
quoted() {
  rest=$1 text=
  while :; do
    case $rest in
      *\'*) text="$text${rest%%\'*}''" rest=${rest#*\'} ;;
      *) break ;;
    esac
  done
  printf %s "'$text$rest'"
}

# Before anything listens. By standard input: the password enters no argument, and the statement no log. What is written
# here goes to the disk together with the data directory, below.
set_password() {
  printf 'ALTER ROLE "%s" PASSWORD %s\n' "$user" "$(quoted "$(cat "$password_file")")" \
    | postgres --single -D "$new" -c fsync=off -c password_encryption=scram-sha-256 -c log_min_error_statement=panic "$database"
}

if [ ! -s "$data/PG_VERSION" ]; then
  [ -s "$password_file" ] || give_up InputBad "The database password file $password_file is missing or empty: give the store's Secret database a password." 42
  # Made beside its place and moved when complete: a start that dies half-way leaves nothing that looks like data.
  rm -rf "$new"
  if [ -z "${TEMPLATE:-}" ]; then
    first urumi-postgres-cluster "$new" "$password_file"
  else
    case $TEMPLATE in *[!A-Za-z0-9._-]*) give_up InputBad 'TEMPLATE is not the name of a template.' 42 ;; esac
    archive=/usr/share/urumi/template/$TEMPLATE.tar.zst
    [ -f "$archive" ] || give_up TemplateMissing "The image has no template $TEMPLATE. Install the shop with setup.route=scratch, or give the database image that carries it."
    first unpack "$archive" "$new"
    first set_password
  fi
  mv "$new" "$data"
  # To the disk at once, but beside the start: waiting for it can take seconds on a busy node.
  sync -f "$data" &
fi

if is_full; then echo "urumi: cause=VolumeFull: $full" >&2; fi

exec postgres -D "$data" \
  -c listen_addresses='*' \
  -c unix_socket_directories=/run/postgresql \
  -c shared_buffers="${SHARED_BUFFERS_MB:-64}MB" \
  -c max_connections="${MAX_CONNECTIONS:-60}" \
  -c jit=off \
  -c password_encryption=scram-sha-256
