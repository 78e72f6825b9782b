/** A title and a sentence per error code: what happened, why with the numbers, what to do. */
import type { DomainError, ErrorCode, ErrorDetails } from '@urumi/shared/domain/errors';

type Sentence = readonly [title: string, detail: string | ((details: ErrorDetails) => string)];

const internal: Sentence = [
  'Internal fault',
  'Something went wrong inside Urumi. Quote the request id to your operator.',
];
const clusterSilent: Sentence = [
  'Cluster not reachable',
  'The cluster does not answer now. Shops may be fine. Try again soon.',
];

const sentences: Readonly<Record<ErrorCode, Sentence>> = {
  'request.invalid': [
    'Request not understood',
    ({ fields, reason }) =>
      fields ? `Change these fields: ${fields}.` : `The request cannot be used: ${reason ?? 'malformed'}.`,
  ],
  'request.too-large': ['Body too large', ({ bytesMax }) => `A body has at most ${bytesMax} bytes. Send less.`],
  'request.not-json': ['Body is not JSON', 'Send one JSON object with Content-Type: application/json.'],
  'request.route-unknown': ['No such address', 'The API has nothing at this address or for this method.'],
  'auth.missing': ['Not signed in', 'Send the token as "Authorization: Bearer <token>".'],
  'auth.forbidden': ['Not for this token', 'Only the admin token opens this page.'],
  'auth.unknown-token': ['Token not known', 'This token is not known here. Sign in again with the current one.'],
  'idempotency.key-reused': [
    'Key used before',
    'This Idempotency-Key came with another body before. Use a new key for a new store.',
  ],
  'idempotency.key-invalid': [
    'Key not usable',
    ({ length, lengthMax }) =>
      `An Idempotency-Key has 1 to ${lengthMax} printable ASCII characters. This one has ${length} in all.`,
  ],
  'store.name-invalid': [
    'Name not usable',
    ({ lengthMax }) => `A name has 1 to ${lengthMax} characters and no control characters.`,
  ],
  'store.name-taken': [
    'Name taken',
    ({ name }) => `You already have a store named "${name}". Open it or choose another name.`,
  ],
  'store.host-taken': ['Address taken', 'Another store has this address. Nothing changed. Choose another one.'],
  'store.host-invalid': [
    'Address not usable',
    'An address is one label below the base domain: lower-case letters, digits and hyphens, and not a reserved one.',
  ],
  'store.not-found': [
    'No such store',
    'There is no store with this id among yours. It may have been deleted over 30 days ago.',
  ],
  'store.action-not-allowed': ['Not possible now', ({ reason }) => String(reason)],
  'store.cancelled': ['Stopped', 'This store was stopped. Retry it or delete it.'],
  'store.data-lost': [
    'Data is gone',
    'The namespace of this store was removed outside Urumi and its data is gone. Retry with "recreate": true for an empty store, or delete it.',
  ],
  'store.starts-exhausted': ['Given up', 'All tries are used. Retry the store or delete it.'],
  'engine.unknown': ['No such engine', ({ engines }) => `Choose one of: ${engines}.`],
  'engine.unavailable': ['Engine not available', ({ reason }) => String(reason)],
  'quota.stores-exceeded': [
    'Quota reached',
    ({ stores, storesMax }) => `You have ${stores} of ${storesMax} stores. Delete one or ask your operator for more.`,
  ],
  'rate.exceeded': [
    'Too many tries',
    ({ retryAfterSeconds }) => `Too many wrong tokens came from your address. Try again in ${retryAfterSeconds} s.`,
  ],
  'creates.paused': [
    'New stores wait',
    'Several new stores fail alike, so further ones wait. They start by themselves.',
  ],
  'redis.unavailable': [
    'Cannot record requests',
    'Urumi cannot read or record requests now. Nothing changed. Try again in a few seconds.',
  ],
  'redis.full': [
    'No room for new requests',
    'The memory for records is nearly full, so Urumi takes no new stores and changes. Nothing changed. Stores can still be deleted; your operator can add memory.',
  ],
  'records.rebuilding': [
    'Not taking changes yet',
    'Urumi is reading the cluster first and takes no changes meanwhile. Nothing changed. Try again in a few seconds.',
  ],
  'records.contended': ['Busy', 'Others keep changing this store. Try again.'],
  'record.schema-newer': [
    'Being updated',
    'This record was written by a newer Urumi. Try again when the update is done.',
  ],
  'lease.lost': ['Busy', 'Another process took over. Try again.'],
  'cluster.unreachable': clusterSilent,
  'cluster.busy': ['Cluster busy', 'The cluster asks for patience. Try again soon.'],
  'cluster.forbidden': internal,
  'cluster.rejected': internal,
  'namespace.foreign': ['Not ours', 'A namespace of this name exists and is not managed by Urumi.'],
  'namespace.access-pending': clusterSilent,
  'helm.timed-out': internal,
  'helm.cancelled': internal,
  'helm.release-pending': internal,
  'helm.values-rejected': internal,
  'helm.object-rejected': internal,
  'helm.quota-exceeded': internal,
  'helm.ownership-conflict': internal,
  'helm.immutable-field': internal,
  'helm.release-changed': internal,
  'helm.unclassified': internal,
  'worker.disk-full': internal,
  'invariant.broken': internal,
};

export function describeProblem({ code, details }: DomainError): { readonly title: string; readonly detail: string } {
  const [title, detail] = sentences[code];
  return { title, detail: typeof detail === 'string' ? detail : detail(details) };
}
