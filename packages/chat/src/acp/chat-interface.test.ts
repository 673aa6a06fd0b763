import { testChatInterface } from '@colloquy/session/testing'
import { describe, it } from 'vitest'
import { fromAcp } from './from-acp.js'
import { script, scripted } from './talk.fixture.js'

const call = (status: string) => ({
  update: { sessionUpdate: 'tool_call', toolCallId: 'c', title: 'Looking', kind: 'read', status },
})

testChatInterface(
  { describe, it },
  'an agent that speaks ACP',
  () => fromAcp(scripted({ canClose: true, canResume: true })),
  {
    longMessage: script(
      ...Array.from({ length: 20 }, (_, n) => ({ update: thought(n) })),
      { say: 'a' },
      call('completed'),
      { say: 'b' },
      { update: thought(21) },
      { say: 'c' },
    ),
    endlessMessage: script({ say: 'go on' }, { endless: 'cancellable' }),
    failingMessage: script({ fail: -32_603, message: 'broken' }),
    callingMessage: script({ say: 'let me see' }, call('pending'), call('completed'), { say: 'done' }),
  },
)

function thought(n: number) {
  return { sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: `${n}` } }
}
