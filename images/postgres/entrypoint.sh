#!/bin/sh
# Starts PostgreSQL as the user the container runs as; on an empty volume it first makes the database cluster with the
# role and database `medusa` and the password of the store's Secret. Log-in from outside only with that password.
#
# POSTGRES_USER, POSTGRES_DB  both default medusa; read once, on the empty volume
# PGDATA             folder below the volume (PostgreSQL wants to own it, the mount point belongs to root)
# SHARED_BUFFERS_MB  default 64
# MAX_CONNECTIONS    default 60
# DATABASE_PASSWORD_FILE  default /run/secrets/urumi/database/password
set -eu

# Process 1 ignores signals it has no handler for; PostgreSQL brings its own once it runs.
trap 'exit 143' TERM INT

user=${POSTGRES_USER:-medusa}
database=${POSTGRES_DB:-medusa}
data=${PGDATA:-/data/pgdata}
password_file=${DATABASE_PASSWORD_FILE:-/run/secrets/urumi/database/password}

if [ ! -s "$data/PG_VERSION" ]; then
  [ -s "$password_file" ] || { echo "the database password file $password_file is missing or empty" >&2; exit 42; }
  # Made beside its place and moved when complete: a start that dies half-way leaves nothing that looks like data.
  new="$data.new"
  rm -rf "$new"
  # initdb takes the first line as the password; a Secret's file has no line end.
  initdb --pgdata="$new" --username="$user" --pwfile="$password_file" --auth=scram-sha-256 --auth-local=trust \
    --encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8 --no-instructions
  # Only this container's own processes reach the socket; it serves probes and repair.
  cat > "$new/pg_hba.conf" <<'RULES'
# TYPE  DATABASE  USER  ADDRESS  METHOD
local   all       all            trust
host    all       all   all      scram-sha-256
RULES
  # The store's database, before anything listens: single-user mode reads statements from its input.
  echo "CREATE DATABASE \"$database\"" | postgres --single -D "$new" postgres > /dev/null
  mv "$new" "$data"
fi

exec postgres -D "$data" \
  -c listen_addresses='*' \
  -c unix_socket_directories=/run/postgresql \
  -c shared_buffers="${SHARED_BUFFERS_MB:-64}MB" \
  -c max_connections="${MAX_CONNECTIONS:-60}" \
  -c jit=off \
  -c password_encryption=scram-sha-256
