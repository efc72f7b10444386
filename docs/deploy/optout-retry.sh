#!/bin/sh
# optout run, tried again after exit status 1 (something broke) and after no other:
# a refusal (3) stays one until somebody has looked at it.
#
#   optout-retry.sh [flags of optout run] JOB.yaml
for wait in 300 900 last; do
	optout run "$@"
	status=$?
	if [ "$status" -ne 1 ] || [ "$wait" = last ]; then
		exit "$status"
	fi
	sleep "$wait"
done
