// A bot that calls a function, and remembers the last length that it converted, so that one may go on asking:
// "How much is 5 km in mi?", "And in ft?". Try it without a server: node examples/bot-with-functions.ts
import assert from 'node:assert/strict'
import { type ChatContext, type Chunk, defineChat, type JsonValue } from '@colloquy/chat'

const metres = { m: 1, km: 1000, ft: 0.3048, mi: 1609.344 }
type Unit = keyof typeof metres
type Length = { readonly value: number; readonly unit: Unit }

/** What a model would be told about the function; here, rules stand for the model. */
const convertDefinition = {
  name: 'convert',
  description: 'Converts a length to another unit.',
  parameters: {
    type: 'object',
    properties: {
      value: { type: 'number' },
      from: { enum: Object.keys(metres) },
      to: { enum: Object.keys(metres) },
    },
    required: ['value', 'from', 'to'],
    additionalProperties: false,
  },
}

function convert(length: Length, to: Unit): number {
  return Math.round((length.value * metres[length.unit] * 1000) / metres[to]) / 1000
}

const bot = defineChat({
  name: 'converter',
  functions: [convertDefinition],
  *reply(message, { state }) {
    const length = readLength(message) ?? remembered(state)
    const to = readTarget(message)
    if (length === undefined || to === undefined) {
      yield 'Ask me for a length in m, km, ft or mi, such as: 5 km in mi'
      return
    }
    const call = { callId: 'call_1', name: convertDefinition.name }
    yield { type: 'functionCall', ...call, arguments: { value: length.value, from: length.unit, to } }
    const result = convert(length, to)
    yield { type: 'functionResult', ...call, result }
    yield `${length.value} ${length.unit} is ${result} ${to}.`
    yield { type: 'state', state: length }
  },
})
export default bot

function readLength(message: string): Length | undefined {
  const [, value, unit] = /(\d+(?:\.\d+)?) ?(km|m|ft|mi)\b/.exec(message) ?? []
  return isUnit(unit) ? { value: Number(value), unit } : undefined
}

function readTarget(message: string): Unit | undefined {
  const [, unit] = /\b(?:in|to) (km|m|ft|mi)\b/.exec(message) ?? []
  return isUnit(unit) ? unit : undefined
}

/** What an earlier turn left in the state: `null` before the first, and from an older version of the bot, anything. */
function remembered(state: JsonValue): Length | undefined {
  if (typeof state !== 'object' || state === null || !('value' in state) || !('unit' in state))
    return undefined
  const { value, unit } = state
  return typeof value === 'number' && isUnit(unit) ? { value, unit } : undefined
}

function isUnit(unit: unknown): unit is Unit {
  return typeof unit === 'string' && Object.hasOwn(metres, unit)
}

if (import.meta.main) {
  const ask = (message: string, state: JsonValue): Promise<(Chunk | string)[]> =>
    Array.fromAsync(bot.reply(message, { state } as ChatContext))

  assert.deepEqual(await ask('How much is 5 km in mi?', null), [
    {
      type: 'functionCall',
      callId: 'call_1',
      name: 'convert',
      arguments: { value: 5, from: 'km', to: 'mi' },
    },
    { type: 'functionResult', callId: 'call_1', name: 'convert', result: 3.107 },
    '5 km is 3.107 mi.',
    { type: 'state', state: { value: 5, unit: 'km' } },
  ])
  const again = await ask('And in ft?', { value: 5, unit: 'km' })
  assert.equal(again[2], '5 km is 16404.199 ft.')
  assert.deepEqual(await ask('And in ft?', null), [
    'Ask me for a length in m, km, ft or mi, such as: 5 km in mi',
  ])
  console.log('ok')
}
