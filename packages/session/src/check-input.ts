import type { ChatChoice } from './chat-interface.js'
import { metadataLimits, type SessionLimits } from './limits.js'
import { type InputFault, SessionError } from './session-error.js'
import { codePointLength } from './text-length.js'

/** Metadata of a session or a turn: a flat object of strings. */
export type Metadata = Readonly<Record<string, string>>

/**
 * Checks what comes from a user against the bounds, and reports every broken one at once; of metadata with too many pairs,
 * those of the first ones.
 *
 * @param chats those that there are; null where the session has chosen already. Default: there is no choice
 * @throws SessionError `invalid_input`
 */
export function checkInput(
  input: {
    readonly message?: string
    readonly metadata?: Metadata
    readonly ttlMs?: number
    readonly chat?: string | undefined
  },
  limits: SessionLimits,
  chats?: readonly ChatChoice[] | null,
): void {
  const faults = [
    ...(input.message === undefined ? [] : messageFaults(input.message, limits.maxMessageLength)),
    ...(input.metadata === undefined ? [] : metadataFaults(input.metadata)),
    ...(input.ttlMs === undefined || input.ttlMs > 0
      ? []
      : [{ path: '/ttlMs', message: 'has to be positive' }]),
    ...(input.chat === undefined ? [] : chatFaults(input.chat, chats)),
  ]
  if (faults.length === 0) return
  const list = faults.map(({ path, message }) => `${path} ${message}`).join('; ')
  throw new SessionError('invalid_input', `The input breaks a bound: ${list}.`, { faults })
}

function chatFaults(chat: string, chats: readonly ChatChoice[] | null = []): InputFault[] {
  if (chats === null) return [{ path: '/chat', message: 'is chosen when the session is made' }]
  if (chats.some(({ name }) => name === chat)) return []
  const names = chats.map(({ name }) => name).join(', ')
  const message = names === '' ? 'there is no choice of chats here' : `is none of the chats here: ${names}`
  return [{ path: '/chat', message }]
}

function messageFaults(message: string, maxLength: number): InputFault[] {
  if (message === '') return [{ path: '/message', message: 'must not be empty' }]
  if (!message.isWellFormed()) return [{ path: '/message', message: 'has half of a surrogate pair' }]
  // A text never has more code points than code units: only a long one needs counting.
  const length = message.length > maxLength ? codePointLength(message) : 0
  if (length <= maxLength) return []
  return [{ path: '/message', message: `has ${length} characters; at most ${maxLength} are allowed` }]
}

function metadataFaults(metadata: Metadata): InputFault[] {
  const { maxPairs, maxKeyLength, maxValueLength } = metadataLimits
  const pairs = Object.entries(metadata)
  const faults: InputFault[] = []
  if (pairs.length > maxPairs)
    faults.push({ path: '/metadata', message: `has ${pairs.length} pairs; at most ${maxPairs} are allowed` })
  // Bounded, as what was sent may not be.
  for (const [key, value] of pairs.slice(0, maxPairs)) {
    const length = codePointLength(key)
    if (length === 0 || length > maxKeyLength) {
      const message = `has a key of ${length} characters; 1 to ${maxKeyLength} are allowed`
      faults.push({ path: '/metadata', message })
      continue
    }
    const path = `/metadata/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (typeof value !== 'string') faults.push({ path, message: 'has to be a string' })
    else if (codePointLength(value) > maxValueLength)
      faults.push({ path, message: `is longer than ${maxValueLength} characters` })
    else if (!value.isWellFormed() || !key.isWellFormed())
      faults.push({ path, message: 'has half of a surrogate pair' })
  }
  return faults
}
