import type { AcceptRequest } from '../../session-store.js'
import { mine } from '../store-fixture.js'
import { keeping, keepsKey } from './kept-keys.fixture.js'
import type { Mistake, Mistakes } from './wrong-store.fixture.js'

/** Keeps keys by other names. */
const naming = (nameOf: (owner: string, key: string, sessionId: string) => string): Mistake =>
  keeping({ nameOf: ({ ref }, { key }) => nameOf(ref.owner, key, ref.sessionId) })

const asNumber = (key: string): string => (Number.isNaN(Number(key)) ? key : String(Number(key)))

export const keyMistakes: Mistakes = {
  'knows no keys': (right) => ({ acceptTurn: (request) => right.acceptTurn({ ...request, key: null }) }),
  'keeps the key of a turn that has begun only': keeping({ keeps: ({ outcome }) => outcome === 'accepted' }),
  'keeps the keys of each session apart': naming((owner, key, sessionId) =>
    JSON.stringify([owner, key, sessionId]),
  ),
  'keeps the keys of all owners together': naming((_, key) => key),
  'takes owners of different case for one': naming((owner, key) =>
    JSON.stringify([owner.toLowerCase(), key]),
  ),
  'trims owners': naming((owner, key) => JSON.stringify([owner.trim(), key])),
  'takes keys of different case for one': naming((owner, key) => JSON.stringify([owner, key.toLowerCase()])),
  'trims keys': naming((owner, key) => JSON.stringify([owner, key.trim()])),
  'takes keys for numbers': naming((owner, key) => JSON.stringify([owner, asNumber(key)])),
  'joins owner and key': naming((owner, key) => owner + key),
  'joins owner and key with a colon': naming((owner, key) => `${owner}:${key}`),
  'takes a key for a pattern': (right) => {
    const kept: AcceptRequest[] = []
    return {
      async acceptTurn(request) {
        const { key, ref } = request
        const pattern = key?.key.includes('%') && new RegExp(`^${key.key.replaceAll('%', '.*')}$`)
        const found = kept.find(
          (one) => pattern && one.ref.owner === ref.owner && pattern.test(one.key?.key ?? ''),
        )
        if (found === undefined) {
          kept.push(request)
          return right.acceptTurn(request)
        }
        const { sessionId, turnId } = found.ref
        return { outcome: 'repeated', ref: { sessionId, turnId } }
      },
    }
  },
  'takes every request with a known key for the same': keeping({ isSame: () => true }),
  'takes every request with a known key for another': keeping({ isSame: () => false }),
  'takes fingerprints of different case for one': keeping({
    isSame: (kept, key) => kept.fingerprint.toLowerCase() === key.fingerprint.toLowerCase(),
  }),
  'trims fingerprints': keeping({
    isSame: (kept, key) => kept.fingerprint.trim() === key.fingerprint.trim(),
  }),
  'looks at the beginning of a fingerprint only': keeping({
    isSame: (kept, key) => kept.fingerprint.startsWith(key.fingerprint),
  }),
  'takes an empty fingerprint for none': keeping({
    isSame: (kept, key) => key.fingerprint === '' || kept.fingerprint === key.fingerprint,
  }),
  'keeps the key of a request that it refuses': keeping({ keeps: () => true }),
  'keeps the key of a request that finds its session busy': keeping({
    keeps: (told) => keepsKey(told) || told.outcome === 'turn_in_progress',
  }),
  'keeps the key of a request that finds no place in line': keeping({
    keeps: (told) => keepsKey(told) || told.outcome === 'queue_full',
  }),
  'takes a request without a key for one with an empty key': (right) => ({
    acceptTurn: (request) =>
      right.acceptTurn({
        ...request,
        key: request.key ?? { key: '', fingerprint: '', until: Number.POSITIVE_INFINITY },
      }),
  }),
  'keeps one key for each session': keeping({ nameOf: ({ ref }) => ref.sessionId }),
  'finds the turns of keys in the sessions of their requests': (right) => ({
    async acceptTurn(request) {
      const told = await right.acceptTurn(request)
      return told.outcome === 'repeated' &&
        (await right.getTurn(mine({ ...told.ref, sessionId: request.ref.sessionId }), 0)) === undefined
        ? { outcome: 'session_not_found' }
        : told
    },
  }),
}
