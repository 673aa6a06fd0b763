import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApiKey } from '@colloquy/server'
import { createManualClock } from '@colloquy/session/testing'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openApiKeys } from './open-api-keys.js'

const web = createApiKey('web')
const shop = createApiKey('shop')
const lineOf = ({ entry }: typeof web) => `${entry.name}:${entry.hash}\n`

async function opened(text: string | null, apiKeys = [] as readonly (typeof web.entry)[]) {
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-keys-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'keys.txt')
  if (text !== null) await writeFile(file, text)
  const lines: Record<string, unknown>[] = []
  const logger = pino(
    {},
    { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  )
  const clock = createManualClock()
  const keys = await openApiKeys({ apiKeys, apiKeysFile: text === null ? null : file }, { logger, clock })
  onTestFinished(() => keys?.close())
  const knows = async ({ key }: typeof web) => {
    const request = new IncomingMessage(new Socket())
    request.headers.authorization = `Bearer ${key}`
    return (await keys?.authenticate(request))?.owner
  }
  /** Lets the file be looked at; returns the last line of the log. */
  const looked = async () => {
    await clock.advance(2_000)
    while (clock.timers === 0) await new Promise(setImmediate)
    return lines.at(-1)
  }
  return { folder, file, lines, keys, knows, looked, clock }
}

describe('the keys of a server', () => {
  it('are none when none are given', async () => {
    expect((await opened(null)).keys).toBeUndefined()
  })

  it('come from the configuration', async () => {
    const { knows, clock } = await opened(null, [web.entry])
    expect([await knows(web), await knows(shop)]).toEqual(['web', undefined])
    expect(clock.timers).toBe(0)
  })

  it('come from the file as well, whose comments are none', async () => {
    const { knows } = await opened(`# ours\n\n${lineOf(shop)}`, [web.entry])
    expect([await knows(web), await knows(shop)]).toEqual(['web', 'shop'])
  })

  it('follow the file', async () => {
    const { knows, looked, file } = await opened(lineOf(web))
    await writeFile(file, lineOf(shop))
    expect(await looked()).toMatchObject({ level: 30, keys: 1 })
    expect([await knows(web), await knows(shop)]).toEqual([undefined, 'shop'])
  })

  it('follow a link that is turned to another file, as mounted secrets are', async () => {
    const { knows, looked, file, folder } = await opened('')
    const turn = async (text: string, name: string) => {
      await writeFile(join(folder, name), text)
      await symlink(name, `${file}.new`)
      await rename(`${file}.new`, file)
      await looked()
    }
    await turn(lineOf(web), 'one')
    expect(await knows(web)).toBe('web')
    await turn(lineOf(shop), 'two')
    expect([await knows(web), await knows(shop)]).toEqual([undefined, 'shop'])
  })

  it('stay as they are while the file is wrong or away, which is told once and without what it holds', async () => {
    const { knows, looked, file, lines } = await opened(lineOf(web))
    await writeFile(file, `${lineOf(shop)}a-plain-key\n`)
    expect(await looked()).toMatchObject({ level: 50, reason: expect.stringContaining('line 2 is wrong') })
    expect([await knows(web), await knows(shop)]).toEqual(['web', undefined])
    await rm(file)
    expect(await looked()).toMatchObject({ level: 50, reason: expect.stringContaining('There is no file') })
    const { length } = lines
    await looked()
    await writeFile(file, lineOf(shop))
    expect(await looked()).toMatchObject({ level: 30 })
    expect(lines.length).toBe(length + 1)
    expect(await knows(shop)).toBe('shop')
    expect(JSON.stringify(lines)).not.toContain('a-plain-key')
  })

  it('may be none yet, which is told', async () => {
    const { lines, knows } = await opened('# none yet\n')
    expect(lines.at(-1)).toMatchObject({ level: 40, msg: expect.stringContaining('no API keys') })
    expect(await knows(web)).toBeUndefined()
  })

  it('may all have been taken out, which is told as at the start', async () => {
    const { looked, file, knows } = await opened(lineOf(web))
    await writeFile(file, '# none any more\n')
    expect(await looked()).toMatchObject({ level: 40, file, msg: expect.stringContaining('no API keys') })
    expect(await knows(web)).toBeUndefined()
  })

  it('may have one name twice, and one entry twice', async () => {
    const next = createApiKey('web')
    const { knows } = await opened(`${lineOf(web)}${lineOf(next)}${lineOf(web)}`, [web.entry])
    expect([await knows(web), await knows(next)]).toEqual(['web', 'web'])
  })

  const renamed = (name: string) => `${name}:${web.entry.hash}\n`

  it.each([
    [
      'the file',
      `# ours\n${lineOf(web)}\n${renamed('app')}`,
      [],
      /web \(line 2 of .*\) and app \(line 4 of .*\)/,
    ],
    [
      'the file and the settings',
      renamed('app'),
      [shop.entry, web.entry],
      /web \(entry 2 of COLLOQUY_API_KEYS .*\) and app \(line 1 of .*\)/,
    ],
    [
      'the settings',
      null,
      [web.entry, { ...web.entry, name: 'app' }],
      /web \(entry 1 of COLLOQUY_API_KEYS .*\) and app \(entry 2 of/,
    ],
  ])('keep a server from starting when one key has two names in %s', async (_where, text, apiKeys, names) => {
    const error: unknown = await opened(text, apiKeys).catch((error: unknown) => error)
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringMatching(names) })
    expect(String(error)).not.toContain(web.entry.hash.slice(0, 8))
  })

  it('stay as they are when one key gets two names', async () => {
    const { looked, file, knows, lines } = await opened(lineOf(web))
    await writeFile(file, `${renamed('app')}${lineOf(shop)}${lineOf(web)}`)
    expect(await looked()).toMatchObject({
      level: 50,
      reason: expect.stringMatching(/app \(line 1 of .*\) and web \(line 3 of/),
    })
    expect([await knows(web), await knows(shop)]).toEqual(['web', undefined])
    expect(JSON.stringify(lines)).not.toContain(web.entry.hash.slice(0, 8))
  })

  it('are looked at no more once closed', async () => {
    const { keys, clock } = await opened(lineOf(web))
    expect(clock.timers).toBe(1)
    keys?.close()
    expect(clock.timers).toBe(0)
  })

  it('keep a server from starting when the file is wrong or away', async () => {
    await expect(opened('a-plain-key')).rejects.toMatchObject({ exitCode: 2 })
    const apiKeysFile = join(tmpdir(), 'colloquy-no-such-file.txt')
    const opening = openApiKeys({ apiKeys: [], apiKeysFile }, { logger: pino({ enabled: false }) })
    await expect(opening).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('colloquy keys create'),
    })
  })
})
