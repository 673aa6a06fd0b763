import { testChatInterface } from '@colloquy/session/testing'
import { describe, it } from 'vitest'
import { bot } from './bot.fixture.js'
import { fromExec, fromProcess } from './index.js'

const program = `
const endless = new Map()
on.start = () => say('ready', { name: 'test-bot', health: true, functions: [{ name: 'find', description: 'Finds.', parameters: { type: 'object' } }] })
on.health = ({ id }) => say('health', { id, components: { model: { status: 'healthy' } } })
on.cancel = ({ turn_id }) => { clearInterval(endless.get(turn_id)); endless.delete(turn_id); end(turn_id) }
on.turn = ({ turn_id, message, state }) => {
  if (message === 'endless') return endless.set(turn_id, setInterval(() => text(turn_id, 'on '), 1))
  if (message === 'fail') return say('error', { turn_id, code: 'upstream_failed', message: 'the model is away' })
  if (message === 'call') {
    say('function_call', { turn_id, call_id: 'c1', name: 'find', arguments: { what: 'chairs' } })
    say('function_result', { turn_id, call_id: 'c1', name: 'find', result: [1, 2] })
  }
  for (const word of message === 'long' ? ['one ', 'two ', 'three ', 'four'] : ['You said: ', message]) text(turn_id, word)
  say('usage', { turn_id, input_tokens: 1, output_tokens: 2 })
  say('state', { turn_id, state: (state ?? 0) + 1 })
  say('end', { turn_id, finish_reason: 'stop' })
}
on.stop = () => process.exit()`

const scenarios = { longMessage: 'long', endlessMessage: 'endless', failingMessage: 'fail' }

testChatInterface({ describe, it }, 'a program', () => fromProcess(bot(program)), {
  ...scenarios,
  callingMessage: 'call',
})

testChatInterface(
  { describe, it },
  'a pool of programs',
  () => fromProcess({ ...bot(program), processes: 2 }),
  { ...scenarios, callingMessage: 'call' },
)

const command = `
  message=$(cat)
  case $message in
    endless) while :; do echo on; sleep 0.01; done ;;
    long) for word in one two three four; do echo $word; sleep 0.02; done ;;
    fail) echo so far; exit 1 ;;
    *) echo "You said: $message" ;;
  esac`

testChatInterface({ describe, it }, 'a command', () => fromExec(command), scenarios)
