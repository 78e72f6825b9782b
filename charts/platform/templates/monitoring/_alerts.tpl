{{/* The alerts: what is wrong, since when it must be, who is woken, and the page that says what to do. */}}

{{/* (root) Expressions see this installation only. */}}
{{- define "platform.alerts" -}}
{{- $ns := printf "namespace=%q" .Release.Namespace -}}
{{- range list "api" "worker" "reconciler" }}
- alert: Urumi{{ title . }}Down
  expr: absent(up{ {{- $ns -}} ,job={{ . | quote }}} == 1)
  for: 2m
  severity: critical
  summary: No {{ . }} answers.
  runbook: service-down.md#{{ . }}
{{- end }}
- alert: UrumiRedisNotDurable
  expr: min(urumi_redis_durable{ {{- $ns -}} }) == 0
  for: 2m
  severity: critical
  summary: Redis is away, or may forget what was promised.
  runbook: redis.md#refused-at-the-start
- alert: UrumiRedisFull
  expr: max(urumi_redis_memory_used_ratio{ {{- $ns -}} }) >= 0.8
  for: 1m
  severity: critical
  summary: Redis is full, so new shops and changes are refused.
  runbook: redis.md#full
- alert: UrumiRedisFilling
  expr: max(urumi_redis_memory_used_ratio{ {{- $ns -}} }) >= 0.65
  for: 15m
  severity: warning
  summary: Redis will soon be full.
  runbook: redis.md#full
- alert: UrumiRecordsRebuilt
  expr: sum(increase(urumi_reconciler_adoptions_total{ {{- $ns -}} ,outcome=~"adopted|raised"}[10m])) > 0
  for: 0m
  severity: warning
  summary: Records were made anew from the stamps in the cluster, so Redis has lost some.
  runbook: redis.md#lost-or-restarted
- alert: UrumiQueueStands
  expr: max(urumi_queue_jobs{ {{- $ns -}} ,state="waiting"}) > 0 and (sum(rate(urumi_attempts_total{ {{- $ns -}} }[10m])) or vector(0)) == 0
  for: 10m
  severity: critical
  summary: Shops wait and no worker takes them.
  runbook: queue.md#nothing-is-taken
- alert: UrumiQueueGrows
  expr: max(urumi_queue_jobs{ {{- $ns -}} ,state="waiting"}) > 50
  for: 15m
  severity: warning
  summary: More shops wait than the workers can take.
  runbook: queue.md#more-waits-than-is-taken
- alert: UrumiAttemptsGivenUp
  expr: sum(increase(urumi_attempts_total{ {{- $ns -}} ,result="gave-up"}[30m])) > 3
  for: 0m
  severity: warning
  summary: Several shops were given up within half an hour.
  runbook: attempts.md#given-up
- alert: UrumiAttemptsBroken
  expr: sum(increase(urumi_attempts_total{ {{- $ns -}} ,result="error"}[15m])) > 0
  for: 0m
  severity: critical
  summary: An attempt ended with a fault of Urumi's own.
  runbook: attempts.md#broken
- alert: UrumiCreatesPaused
  expr: max by (engine) (urumi_reconciler_creates_paused{ {{- $ns -}} }) == 1
  for: 1m
  severity: critical
  summary: New shops of an engine wait, because several failed alike.
  runbook: attempts.md#new-shops-wait
- alert: UrumiLeasesLost
  expr: sum(increase(urumi_leases_lost_total{ {{- $ns -}} }[15m])) > 3
  for: 0m
  severity: warning
  summary: Workers lose their leases in the middle of a run.
  runbook: leases.md
- alert: UrumiEventLoopSlow
  expr: max by (pod) (nodejs_eventloop_lag_p99_seconds{ {{- $ns -}} ,job=~"api|worker|reconciler"}) > 0.5
  for: 5m
  severity: warning
  summary: A service is too busy to keep its leases and answers.
  runbook: leases.md
- alert: UrumiClusterOutOfSight
  expr: min by (resource) (urumi_reconciler_seconds_since_contact{ {{- $ns -}} }) > 120
  for: 1m
  severity: critical
  summary: No reconciler hears from the cluster, so what is shown of shops grows old.
  runbook: cluster-contact.md
- alert: UrumiWatchMisses
  expr: sum(increase(urumi_reconciler_pass_corrections_total{ {{- $ns -}} }[1h])) + sum(increase(urumi_reconciler_cache_corrections_total{ {{- $ns -}} }[1h])) > 5
  for: 0m
  severity: warning
  summary: The watch misses changes that only the full pass finds.
  runbook: cluster-contact.md#the-watch-misses-changes
- alert: UrumiRouteAtFault
  expr: max(urumi_reconciler_route_at_fault{ {{- $ns -}} }) == 1
  for: 1m
  severity: critical
  summary: Most shops fail alike, so the way to them is at fault.
  runbook: route-at-fault.md
- alert: UrumiProtectionMissing
  expr: min by (kind) (urumi_protection_enforced{ {{- $ns -}} }) == 0
  for: 5m
  severity: critical
  summary: The cluster does not enforce what holds shops apart.
  runbook: protection.md
- alert: UrumiGuardrailsEdited
  expr: sum(increase(urumi_reconciler_drifts_total{ {{- $ns -}} }[1h])) > 3
  for: 0m
  severity: warning
  summary: Somebody keeps editing what holds shops apart.
  runbook: guardrails.md
- alert: UrumiOrphans
  expr: sum(max by (kind) (urumi_reconciler_orphans{ {{- $ns -}} })) > 0
  for: 24h
  severity: warning
  summary: Something belongs to nobody for a day.
  runbook: redis.md#orphans
- alert: UrumiVolumesLeft
  expr: max(urumi_reconciler_leftover_volumes{ {{- $ns -}} }) > 0
  for: 24h
  severity: warning
  summary: Volumes of deleted shops are still there.
  runbook: leftover-volumes.md
{{- end }}
