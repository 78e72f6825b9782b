#!/bin/sh
# Starts one of Urumi's services. Exit 2: none of that name.
case ${1-} in
  # Idle services should be small: without a cap Node lets garbage grow as long as the machine has memory.
  api | worker | reconciler) exec node --max-semi-space-size=2 "/srv/urumi/apps/$1/dist/main.js" ;;
  *)
    echo "urumi: say which service to start, api, worker or reconciler: there is no \"${1-}\"" >&2
    exit 2
    ;;
esac
