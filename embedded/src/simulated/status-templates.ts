/** The statuses that simulated pods and nodes get, as Go templates over the object. kwok merges them into what is there. */

export type Outcome =
  | { kind: 'ready' }
  | { kind: 'unready' }
  | { kind: 'waiting'; reason: string; message: string }
  | { kind: 'crashed' }
  | { kind: 'ended'; phase: 'Succeeded' | 'Failed'; reason: string; exitCode: string };

/** @returns a template that renders YAML: every container of the pod in the same state, init containers done */
export function podStatus(outcome: Outcome): string {
  const isReady = outcome.kind === 'ready';
  const hasBegun = outcome.kind !== 'waiting';
  return `{{ $now := Now }}{{ $root := . }}
${conditions({ Initialized: hasBegun, ContainersReady: isReady, Ready: isReady })}
containerStatuses:
{{ range $index, $item := .spec.containers }}
{{ $before := dict }}
{{ if $root.status.containerStatuses }}{{ $before = index $root.status.containerStatuses $index }}{{ end }}
{{ $count := int (or $before.restartCount 0) }}
- name: {{ $item.name | Quote }}
  image: {{ $item.image | Quote }}
  ready: ${isReady}
  started: ${isReady}
${indent(containerState(outcome))}
{{ end }}
initContainerStatuses:
{{ range .spec.initContainers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  restartCount: 0
  ready: ${hasBegun}
  state:
${hasBegun ? INIT_DONE : '    waiting:\n      reason: PodInitializing'}
{{ end }}
${ADDRESSES}
phase: ${phaseOf(outcome)}
startTime: {{ or .status.startTime $now | Quote }}
`;
}

const INIT_DONE = `    {{ if eq (or .restartPolicy "") "Always" }}
    running:
      startedAt: {{ Now | Quote }}
    {{ else }}
    terminated:
      exitCode: 0
      reason: Completed
      startedAt: {{ Now | Quote }}
      finishedAt: {{ Now | Quote }}
    {{ end }}`;

/** Only where there are none: asked again, kwok gives others, and a second address is refused. */
const ADDRESSES = `{{ if not .status.podIP }}
{{ with NodeIPsWith .spec.nodeName }}
hostIP: {{ index . 0 | Quote }}
hostIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
{{ with PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
{{ end }}`;

function phaseOf(outcome: Outcome): string {
  if (outcome.kind === 'ended') return outcome.phase;
  return outcome.kind === 'waiting' ? 'Pending' : 'Running';
}

function conditions(values: Readonly<Record<string, boolean>>): string {
  const lines = Object.entries(values).map(
    ([type, is]) => `- type: ${type}
  status: "${is ? 'True' : 'False'}"
  lastTransitionTime: {{ $now | Quote }}`,
  );
  return ['conditions:', ...lines].join('\n');
}

function containerState(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'ready':
    case 'unready':
      return `restartCount: {{ $count }}
state:
  running:
    startedAt: {{ $now | Quote }}`;
    case 'waiting':
      return `restartCount: {{ $count }}
state:
  waiting:
    reason: ${outcome.reason}
    message: ${JSON.stringify(outcome.message)}`;
    case 'crashed':
      return `restartCount: {{ add $count 1 }}
lastState:
  terminated:
    exitCode: 1
    reason: Error
    startedAt: {{ $now | Quote }}
    finishedAt: {{ $now | Quote }}
state:
  waiting:
    reason: CrashLoopBackOff
    message: back-off restarting failed container`;
    case 'ended':
      return `restartCount: {{ $count }}
state:
  terminated:
    exitCode: {{ with $root }}${outcome.exitCode}{{ end }}
    reason: ${outcome.reason}
    startedAt: {{ $now | Quote }}
    finishedAt: {{ $now | Quote }}`;
  }
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}

const NODE_CONDITIONS = `{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
`;

export const NODE_HEARTBEAT = NODE_CONDITIONS;

export const NODE_READY = `${NODE_CONDITIONS}
addresses:
- type: InternalIP
  address: {{ NodeIP | Quote }}
- type: Hostname
  address: {{ NodeName | Quote }}
nodeInfo:
  architecture: amd64
  operatingSystem: linux
  bootID: ""
  machineID: ""
  systemUUID: ""
  osImage: simulated
  kernelVersion: simulated
  kubeletVersion: {{ printf "kwok-%s" Version }}
  kubeProxyVersion: ""
  containerRuntimeVersion: simulated
phase: Running
`;
