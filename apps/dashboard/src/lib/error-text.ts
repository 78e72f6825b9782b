/**
 * The one place where a code becomes words. Every code of the platform has a row; adding a code without one does not
 * compile. `sentence` answers a request that failed, `cause` is the short reason of a failed try (`Try 2 of 5: <cause>`).
 */
import type { ErrorCode, ErrorDetails } from '@urumi/shared/domain/errors';

interface ErrorText {
  /** What happened, why with its number, what to do. `params` are those of the answer. */
  readonly sentence: (params: ErrorDetails) => string;
  /** Lower case, no full stop: it continues a sentence. */
  readonly cause: string;
}

const nextTryIsAutomatic = 'Urumi tries again by itself; nothing to do.';

export const errorTexts: Readonly<Record<ErrorCode, ErrorText>> = {
  'request.invalid': {
    sentence: () => 'Some of this was not understood. Check the marked fields and send it again.',
    cause: 'the request was not understood',
  },
  'request.too-large': {
    sentence: () => 'This is larger than Urumi accepts. Shorten it and send it again.',
    cause: 'the request was too large',
  },
  'request.not-json': {
    sentence: () => 'The request arrived damaged. Nothing changed. Send it again.',
    cause: 'the request arrived damaged',
  },
  'request.route-unknown': {
    sentence: () => 'This server does not know that request. Reload the page to get the dashboard that fits it.',
    cause: 'the request is unknown here',
  },
  'auth.missing': {
    sentence: () => 'You are signed out. Sign in to go on; the page stays as it is.',
    cause: 'no sign-in was given',
  },
  'auth.unknown-token': {
    sentence: () => 'This token is not known here. Copy it again from where Urumi was started.',
    cause: 'the token is not known',
  },
  'auth.forbidden': {
    sentence: () => 'Only the administrator may open this. Sign in with the admin token.',
    cause: 'the token is not the administrator’s',
  },
  'idempotency.key-reused': {
    sentence: () =>
      'This request was already sent with other content. Nothing new was made. Change a field and send it again.',
    cause: 'the request key was used for other content',
  },
  'idempotency.key-invalid': {
    sentence: () => 'The request had no usable key. Nothing was made. Reload the page and send it again.',
    cause: 'the request key was not usable',
  },
  'store.name-invalid': {
    sentence: ({ fault, length, lengthMax }) =>
      fault === 'too-long' && typeof length === 'number' && typeof lengthMax === 'number'
        ? `A name has at most ${lengthMax} characters. This one has ${length}.`
        : 'A name has 1 to 63 characters and no line breaks. Change it and send it again.',
    cause: 'the name breaks a rule',
  },
  'store.name-taken': {
    sentence: ({ name }) =>
      `You already have ${typeof name === 'string' ? `“${name}”` : 'a store of this name'}. Open it or choose another name.`,
    cause: 'the name is taken',
  },
  'store.host-taken': {
    sentence: () => 'This address belongs to another store. Nothing was made. Choose another one.',
    cause: 'the address is taken',
  },
  'store.host-invalid': {
    sentence: () =>
      'An address has lower-case letters, digits and hyphens only, and is not one that is kept for the platform. Change it and send it again.',
    cause: 'the address breaks a rule',
  },
  'store.not-found': {
    sentence: () => 'No store has this id. It may have been deleted over 30 days ago.',
    cause: 'the store does not exist',
  },
  'store.action-not-allowed': {
    sentence: () => 'The store is no longer in the state for this. Nothing changed. Its newest state is shown now.',
    cause: 'the store was in another state',
  },
  'store.cancelled': {
    sentence: () => 'You stopped this store before it was done. Retry it or delete it.',
    cause: 'it was stopped by you',
  },
  'store.data-lost': {
    sentence: () => 'This store’s data volume is gone. Recreate it empty, or delete it.',
    cause: 'the data volume is gone',
  },
  'store.starts-exhausted': {
    sentence: () => 'Every try for this store is used up. Read the cause, then retry it.',
    cause: 'every try is used up',
  },
  'engine.unknown': {
    sentence: () => 'This engine is not in the catalogue. Choose one of those shown.',
    cause: 'the engine is unknown',
  },
  'engine.unavailable': {
    sentence: ({ reason }) =>
      typeof reason === 'string'
        ? reason
        : 'This engine cannot be chosen here yet. Choose another one or ask your operator.',
    cause: 'the engine is not available',
  },
  'quota.stores-exceeded': {
    sentence: ({ stores, storesMax }) =>
      typeof stores === 'number' && typeof storesMax === 'number'
        ? `You have ${stores} of ${storesMax} stores. Delete one or ask your operator for more.`
        : 'You have as many stores as your limit allows. Delete one or ask your operator for more.',
    cause: 'the limit of stores is reached',
  },
  'rate.exceeded': {
    sentence: () => 'Too many requests came from here in a short time. Nothing changed. Wait a moment and try again.',
    cause: 'too many requests',
  },
  'creates.paused': {
    sentence: () => 'Several new stores fail alike, so further ones wait. This one starts by itself.',
    cause: 'several new stores fail alike',
  },
  'redis.unavailable': {
    sentence: () => 'Urumi cannot record requests now. Nothing changed.',
    cause: 'the records could not be reached',
  },
  'redis.full': {
    sentence: () =>
      'The memory for records is nearly full. Nothing changed. Stores can still be deleted; ask your operator for more memory.',
    cause: 'the memory for records is full',
  },
  'records.rebuilding': {
    sentence: () => 'Urumi is reading the cluster again. Nothing changed. Requests are taken as soon as it is done.',
    cause: 'the records are being rebuilt',
  },
  'records.contended': {
    sentence: () => 'Others changed this store at the same moment. Nothing changed. Try again.',
    cause: 'others changed the store at the same moment',
  },
  'record.schema-newer': {
    sentence: () => 'This store was written by a newer Urumi. It stays as it is until the update is complete.',
    cause: 'the record is of a newer version',
  },
  'lease.lost': {
    sentence: () => `Another worker took over this store. ${nextTryIsAutomatic}`,
    cause: 'another worker took over',
  },
  'cluster.unreachable': {
    sentence: () => 'The cluster is silent. Shops may be fine; Urumi goes on when it answers.',
    cause: 'the cluster did not answer',
  },
  'cluster.busy': {
    sentence: () => `The cluster is busy and asked to wait. ${nextTryIsAutomatic}`,
    cause: 'the cluster asked to wait',
  },
  'cluster.forbidden': {
    sentence: () => 'The cluster refuses this to Urumi. Ask your operator to check the roles of Urumi.',
    cause: 'the cluster refused the rights for it',
  },
  'cluster.rejected': {
    sentence: () => 'The cluster did not accept an object of this store. Send the details to your operator.',
    cause: 'the cluster did not accept an object',
  },
  'namespace.foreign': {
    sentence: ({ namespace }) =>
      `${typeof namespace === 'string' ? `The namespace ${namespace}` : 'A namespace of this name'} exists and is not Urumi’s. It was left alone; ask your operator.`,
    cause: 'a namespace of this name is not Urumi’s',
  },
  'namespace.access-pending': {
    sentence: () => `The store’s own rights are not active yet. ${nextTryIsAutomatic}`,
    cause: 'the store’s own rights were not active yet',
  },
  'helm.timed-out': {
    sentence: () => `Installing took over 5 min. ${nextTryIsAutomatic}`,
    cause: 'installing took over 5 min',
  },
  'helm.cancelled': {
    sentence: () => 'The installation was stopped on the way. It goes on from there.',
    cause: 'the installation was stopped',
  },
  'helm.release-pending': {
    sentence: () => `An earlier installation had not ended. ${nextTryIsAutomatic}`,
    cause: 'an earlier installation had not ended',
  },
  'helm.values-rejected': {
    sentence: () => 'The chart does not accept the settings of this store. Send the details to your operator.',
    cause: 'the chart refused the settings',
  },
  'helm.object-rejected': {
    sentence: () => 'The cluster does not accept an object of the chart. Send the details to your operator.',
    cause: 'the cluster refused an object of the chart',
  },
  'helm.quota-exceeded': {
    sentence: () => `The quota of the store’s space has no room left. ${nextTryIsAutomatic}`,
    cause: 'a quota had no room for it',
  },
  'helm.ownership-conflict': {
    sentence: () => 'An object of this store belongs to something else. It was left alone; ask your operator.',
    cause: 'an object belongs to something else',
  },
  'helm.immutable-field': {
    sentence: () => 'The change touches a field that cannot change on a living store. Ask your operator.',
    cause: 'a field cannot change on a living store',
  },
  'helm.release-changed': {
    sentence: () => `Somebody changed this store's installation by hand meanwhile. ${nextTryIsAutomatic}`,
    cause: 'somebody changed the installation by hand',
  },
  'helm.unclassified': {
    sentence: () => `Installing failed for a reason Urumi has no name for. ${nextTryIsAutomatic}`,
    cause: 'installing failed without a known cause',
  },
  'worker.disk-full': {
    sentence: () => `The machine that installs stores has no space left on its disk. ${nextTryIsAutomatic}`,
    cause: "the worker's disk is full",
  },
  'invariant.broken': {
    sentence: () => 'Urumi found a fault in itself and stopped here. Send the request id to your operator.',
    cause: 'Urumi found a fault in itself',
  },
};

/** Narrows a code of an answer; an older page may meet a code it does not know. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTexts, code);
}
