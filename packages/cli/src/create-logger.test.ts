import { describe, expect, it } from 'vitest'
import { createLogger } from './create-logger.js'
import { TextOutput } from './text-output.fixture.js'

describe('the log', () => {
  it('is lines of JSON', async () => {
    const output = new TextOutput()
    const logger = await createLogger({ logLevel: 'info', pretty: false, colours: false }, output)
    logger.info({ turn_id: 'turn_1' }, 'turn completed')
    logger.flush()
    expect(output.logLines()).toMatchObject([{ level: 30, turn_id: 'turn_1', msg: 'turn completed' }])
  })

  it('is lines for people when it is pretty, written before the call returns', async () => {
    const output = new TextOutput()
    const logger = await createLogger({ logLevel: 'info', pretty: true, colours: false }, output)
    logger.info({ turn_id: 'turn_1' }, 'turn completed')
    expect(output.text).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: turn completed {"turn_id":"turn_1"}\n$/)
  })

  it('has colours only when it is told to', async () => {
    const output = new TextOutput()
    const logger = await createLogger({ logLevel: 'info', pretty: true, colours: true }, output)
    logger.info({}, 'turn completed')
    expect(output.text).toContain('\u001b[')
  })

  it.each([false, true])('has no credentials of an error (pretty: %s)', async (pretty) => {
    const output = new TextOutput()
    const logger = await createLogger({ logLevel: 'info', pretty, colours: false }, output)
    const secret = `${'A1b2'.repeat(2)}C3d4e5f6`
    const err = Object.assign(new Error(`401 for Bearer ${secret}`), { apiKey: secret })
    logger.error({ err }, 'turn failed')
    expect(output.text).toContain('401 for Bearer ***')
    expect(output.text).not.toContain(secret)
  })

  it('leaves out what is less important than its level', async () => {
    const output = new TextOutput()
    const logger = await createLogger({ logLevel: 'silent', pretty: false, colours: false }, output)
    logger.fatal('nothing is this important')
    expect(output.text).toBe('')
  })
})
