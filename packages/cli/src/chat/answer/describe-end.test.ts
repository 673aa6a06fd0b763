import type { TurnEvent } from '@colloquy/client'
import { expect, it } from 'vitest'
import { describeEnd } from './describe-end.js'

const event = (type: TurnEvent['type'], data: object) => ({ seq: 1, type, data }) as TurnEvent

it.each([
  ['turn.started', {}, undefined],
  ['turn.completed', { content: 'x', finish_reason: 'stop' }, { kind: 'whole', text: '' }],
  [
    'turn.completed',
    { content: '', finish_reason: 'stop' },
    { kind: 'note', text: '(The answer is empty.)' },
  ],
  [
    'turn.completed',
    { content: 'x', finish_reason: 'length' },
    { kind: 'note', text: 'The answer is cut off: it is as long as it may be. Ask it to go on.' },
  ],
  [
    'turn.completed',
    { content: 'x', finish_reason: 'content_filter' },
    { kind: 'note', text: 'A filter of the model has cut the answer off.' },
  ],
  [
    'turn.failed',
    { detail: 'Too\u001b much.', retry_after_seconds: 3 },
    { kind: 'fault', text: 'Too much. Try again in 3 s.' },
  ],
  ['turn.cancelled', { reason: 'client_request' }, { kind: 'note', text: 'stopped', isStopped: true }],
  [
    'turn.cancelled',
    { reason: 'superseded' },
    { kind: 'fault', text: 'The answer was stopped: another message to the session took its place.' },
  ],
  [
    'turn.cancelled',
    { reason: 'session_deleted' },
    { kind: 'fault', text: 'The answer was stopped: the session was deleted.' },
  ],
  ['turn.cancelled', { reason: 'lunch' }, { kind: 'fault', text: 'The answer was stopped (lunch).' }],
  ...[
    ['shutdown', 'was stopped'],
    ['restart', 'had ended'],
    ['lease_expired', 'had ended'],
    ['other', 'ended it (other)'],
  ].map(
    ([reason, what]) =>
      [
        'turn.interrupted',
        { reason },
        { kind: 'fault', text: `The answer was interrupted, because the server ${what}. Ask again.` },
      ] as const,
  ),
] as const)('the end that %s with %j tells of', (type, data, end) => {
  expect(describeEnd(event(type, data))).toEqual(end)
})
