import { describe, expect, it } from 'vitest'
import { withinLoadTime } from './within-load-time.js'

describe('loading a module', () => {
  it('ends with a CommandError that names it when it takes too long', async () => {
    const loading = withinLoadTime('./bot.ts', () => new Promise<never>(() => {}), 20)
    await expect(loading).rejects.toMatchObject({
      name: 'CommandError',
      exitCode: 1,
      message: expect.stringMatching(/^\.\/bot\.ts did not finish loading within 0\.02 seconds\./),
    })
  })

  it('gives what was loaded in time, or why it failed', async () => {
    expect(await withinLoadTime('./bot.ts', async () => 'loaded', 1_000)).toBe('loaded')
    const failed = withinLoadTime('./bot.ts', () => Promise.reject(new Error('broken')), 1_000)
    await expect(failed).rejects.toThrow('broken')
  })
})
