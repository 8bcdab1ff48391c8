#!/bin/sh
# Serves the database in /data/postgres; makes it, whole or not at all, where there is none.
set -eu
bin=$(echo /usr/lib/postgresql/*/bin)
data=/data/postgres
if [ ! -d "$data" ]; then
  rm -rf "$data.new"
  printf %s "${POSTGRES_PASSWORD:?}" >/tmp/password
  "$bin/initdb" --pgdata="$data.new" --username=postgres --pwfile=/tmp/password --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8
  rm /tmp/password
  echo 'host all all all scram-sha-256' >>"$data.new/pg_hba.conf"
  mv "$data.new" "$data"
fi
exec "$bin/postgres" -D "$data" -c listen_addresses='*' -c unix_socket_directories=/tmp -c max_connections=500 -c shared_buffers=256MB
