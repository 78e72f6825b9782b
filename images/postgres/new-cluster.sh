#!/bin/sh
# Makes an empty database cluster in the folder $1 with the role and database of a shop. $2 is a file with the role's
# password; without it nobody can log in over the network.
#
# POSTGRES_USER, POSTGRES_DB  both default medusa
set -eu
folder=$1
user=${POSTGRES_USER:-medusa}
database=${POSTGRES_DB:-medusa}

# initdb takes the first line as the password; a Secret's file has no line end. Small files of write-ahead log: a new shop
# is there sooner and takes less of its volume.
initdb --pgdata="$folder" --username="$user" ${2:+--pwfile="$2"} --auth=scram-sha-256 --auth-local=trust \
  --encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8 --no-instructions \
  --wal-segsize=4
# Only this container's own processes reach the socket; it serves probes and repair.
cat > "$folder/pg_hba.conf" << 'RULES'
# TYPE  DATABASE  USER  ADDRESS  METHOD
local   all       all            trust
host    all       all   all      scram-sha-256
RULES
# The store's database, before anything listens: single-user mode reads statements from its input.
echo "CREATE DATABASE \"$database\"" | postgres --single -D "$folder" postgres > /dev/null
