import type { SessionExport, TurnExport } from '@colloquy/session'
import { describe, expect, it } from 'vitest'
import { findContradiction } from './find-contradiction.js'

const user = {
  messageId: 'msg_1',
  turnId: 'turn_1',
  role: 'user',
  content: 'a',
  status: 'complete',
  createdAt: 1,
} as const
const answer = { ...user, messageId: 'msg_2', role: 'assistant', content: 'b' } as const
const ended: TurnExport = {
  turnId: 'turn_1',
  status: 'cancelled',
  createdAt: 1,
  startedAt: 1,
  endedAt: 2,
  ended: 1,
  metadata: {},
  functionsCalled: [],
  events: [
    { type: 'turn.started', sessionId: 'sess_1', turnId: 'turn_1', seq: 1 },
    { type: 'text.delta', text: 'b', seq: 2 },
    { type: 'turn.cancelled', reason: 'x', content: 'b', seq: 3 },
  ],
  key: null,
}
const running: TurnExport = {
  ...ended,
  status: 'running',
  endedAt: null,
  ended: null,
  events: ended.events.slice(0, 2),
}
const queued: TurnExport = {
  ...running,
  status: 'queued',
  startedAt: null,
  events: [{ type: 'turn.queued', position: 1, seq: 1 }],
}

const session = (turns: readonly TurnExport[], messages: SessionExport['messages']): SessionExport => ({
  owner: '',
  sessionId: 'sess_1',
  createdAt: 1,
  ttlMs: 1,
  endsAt: null,
  metadata: {},
  chat: null,
  lastActiveAt: 1,
  state: null,
  messages,
  turns,
})

const second = (turn: TurnExport): TurnExport => ({
  ...turn,
  turnId: 'turn_2',
  events: turn.events.map((event) => ('turnId' in event ? { ...event, turnId: 'turn_2' } : event)),
})
const asked = { ...user, messageId: 'msg_3', turnId: 'turn_2' }

describe('a session that contradicts itself', () => {
  it.each<[string, SessionExport]>([
    ['without turns', session([], [])],
    ['that was answered', session([ended], [user, answer])],
    ['that was not answered', session([ended], [user])],
    ['with a turn that runs', session([running], [user])],
    ['with a turn that waits', session([running, second(queued)], [user, asked])],
    [
      'whose turns ended in another order',
      session([{ ...ended, ended: 2 }, second(ended)], [user, asked, answer]),
    ],
    [
      'with a turn that was cancelled while it waited',
      session(
        [
          {
            ...ended,
            startedAt: null,
            events: [
              { type: 'turn.queued', position: 1, seq: 1 },
              { type: 'turn.cancelled', reason: 'x', content: '', seq: 2 },
            ],
          },
        ],
        [user],
      ),
    ],
  ])('is none %s', (_what, right) => {
    expect(findContradiction(right)).toBeUndefined()
  })

  it.each<[string, SessionExport]>([
    ['the id turn_1 is there twice', session([ended, ended], [user])],
    ['the id msg_1 is there twice', session([ended], [user, user])],
    ['the message msg_3 is of a turn that is not there', session([ended], [user, asked])],
    ['the turn turn_1 has not one message of a user, and one answer behind it at most', session([ended], [])],
    ['the turn turn_1 has not one message of a user', session([ended], [answer, user])],
    [
      'the turn turn_1 has not one message of a user',
      session([ended], [user, { ...user, messageId: 'msg_9' }]),
    ],
    [
      'the turn turn_1 has not one message of a user',
      session([ended], [user, answer, { ...answer, messageId: 'm' }]),
    ],
    ['the turn turn_1 has an answer before its end', session([running], [user, answer])],
    ['the turn turn_1 is running, and has an end', session([{ ...ended, status: 'running' }], [user])],
    ['the turn turn_1 is cancelled, and has no end', session([{ ...running, status: 'cancelled' }], [user])],
    [
      'the turn turn_1 has one of endedAt and ended, and not both',
      session([{ ...ended, ended: null }], [user]),
    ],
    ['the turn turn_1 is queued, and has begun', session([{ ...queued, startedAt: 1 }], [user])],
    ['the turn turn_1 is running, and has not begun', session([{ ...running, startedAt: null }], [user])],
    [
      'the turn turn_1 tells its function calls before its end',
      session([{ ...running, functionsCalled: [{ callId: 'c', name: 'n', arguments: null }] }], [user]),
    ],
    [
      'the turn turn_1 has events that are not numbered from 1 on without a gap',
      session([{ ...ended, events: ended.events.slice(1) }], [user]),
    ],
    ['the turn turn_2 has events of another turn', session([{ ...ended, turnId: 'turn_2' }], [asked])],
    [
      'the turn turn_1 has events after its final one',
      session(
        [
          {
            ...ended,
            events: [...ended.events, { type: 'turn.cancelled', reason: 'x', content: '', seq: 4 }],
          },
        ],
        [user],
      ),
    ],
    [
      'the turn turn_1 is failed, and its last event says otherwise',
      session([{ ...ended, status: 'failed' }], [user]),
    ],
    [
      'the turn turn_1 is running, and its last event says otherwise',
      session([{ ...running, events: ended.events }], [user]),
    ],
    [
      'the turn turn_1 has events that say otherwise about its beginning',
      session([{ ...ended, startedAt: null }], [user]),
    ],
    ['more than one turn runs', session([running, second(running)], [user, asked])],
    ['the turns that have ended are not numbered from 1 on', session([{ ...ended, ended: 2 }], [user])],
    ['the turns that have ended are not numbered from 1 on', session([ended, second(ended)], [user, asked])],
  ])('is told: %s', (fault, wrong) => {
    expect(findContradiction(wrong)).toContain(fault)
  })
})
