import type { NewMessage, SessionExport, TurnExport } from '@colloquy/session'
import { createSqliteStore } from '@colloquy/session/sqlite'
import { messageOf } from '../load/json-turns.ts'

const messagesPerSession = 100
const ttlMs = 86_400_000

/**
 * Makes a file with so many messages, in sessions of a hundred each, as turns of the echo would have left them.
 *
 * @param messages a multiple of a hundred
 * @param onProgress is told how many there are
 */
export async function fillStore(
  path: string,
  messages: number,
  onProgress: (messages: number) => void,
): Promise<void> {
  const store = createSqliteStore({ path })
  await store.open()
  try {
    const now = Date.now()
    for (let n = 0; n < messages / messagesPerSession; n += 1) {
      const outcome = await store.importSession(sessionOf(n, now), { replace: false, now })
      if (outcome !== 'imported') throw new Error(`A session could not be put into the file: ${outcome}.`)
      if (n % 100 === 0) onProgress(n * messagesPerSession)
    }
  } finally {
    await store.close()
  }
}

function sessionOf(n: number, now: number): SessionExport {
  const sessionId = `sess_${String(n).padStart(32, '0')}`
  const turns = Array.from({ length: messagesPerSession / 2 }, (_, i) => turnOf(sessionId, n, i, now))
  const life = { createdAt: now, ttlMs, endsAt: null, lastActiveAt: now }
  return {
    owner: '',
    sessionId,
    ...life,
    metadata: {},
    chat: null,
    state: null,
    messages: turns.flatMap(({ messages }) => messages),
    turns: turns.map(({ turn }) => turn),
  }
}

function turnOf(sessionId: string, n: number, i: number, now: number) {
  const number = n * messagesPerSession + i
  const turnId = `turn_${String(number).padStart(32, '0')}`
  const content = messageOf(number)
  const said: Omit<NewMessage, 'messageId' | 'role'> = { turnId, content, status: 'complete', createdAt: now }
  const messageId = `msg_assistant_${number}`
  const messages: readonly NewMessage[] = [
    { ...said, messageId: `msg_user_${number}`, role: 'user' },
    { ...said, messageId, role: 'assistant' },
  ]
  const answer = { sessionId, turnId, messageId, content, functionsCalled: [], usage: null, endedAt: now }
  const turn: TurnExport = {
    turnId,
    status: 'completed',
    createdAt: now,
    startedAt: now,
    endedAt: now,
    ended: i + 1,
    metadata: {},
    functionsCalled: [],
    events: [
      { type: 'turn.started', sessionId, turnId, seq: 1 },
      { type: 'text.delta', text: content, seq: 2 },
      { type: 'turn.completed', ...answer, finishReason: 'stop', durationMs: 1, seq: 3 },
    ],
    key: null,
  }
  return { turn, messages }
}
