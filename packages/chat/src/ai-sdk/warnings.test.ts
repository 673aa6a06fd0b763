import { createOpenAI } from '@ai-sdk/openai'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordLog } from '../composition/composition.fixture.js'
import { chunksOf, secretKey } from './ask.fixture.js'
import { fromModel } from './index.js'
import { modelServers } from './start-server.fixture.js'

const start = modelServers()
const printed: Error[] = []
const print = (warning: Error) => printed.push(warning)

beforeEach(() => {
  printed.length = 0
  process.on('warning', print)
})

afterEach(() => {
  process.off('warning', print)
})

describe('what a model can not do of what it is asked for', () => {
  it('is told in the log of the turn, once, and printed nowhere', async () => {
    const server = await start({ text: 'Hi' })
    const model = createOpenAI({ apiKey: secretKey, baseURL: server.baseUrl }).chat('o3-mini')
    const chat = fromModel(model, { temperature: 0.5 })
    const { logger, lines } = recordLog()
    for (let turn = 0; turn < 2; turn += 1) await chunksOf(chat, 'x', { logger })
    expect(lines).toEqual([
      {
        level: 'warn',
        model: 'o3-mini',
        warning: 'unsupported',
        feature: 'temperature',
        msg: 'the model does not do all that it is asked for',
      },
    ])
    await new Promise(setImmediate)
    expect(printed).toEqual([])
    expect(server.requests[0]?.body['temperature']).toBeUndefined()
  })
})
