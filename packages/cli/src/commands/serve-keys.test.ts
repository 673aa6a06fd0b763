import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createApiKey } from '@colloquy/server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runMain, startMain } from '../run-main.fixture.js'
import { TextOutput } from '../text-output.fixture.js'
import { writeModule } from '../write-module.fixture.js'

/** The assistant, until the test has ended. */
async function serving(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const stop = new AbortController()
  const stdout = new TextOutput()
  const argvOfServe = ['serve', '--port', '0', '--log-level', 'trace', ...argv]
  const { ended } = startMain(argvOfServe, { stdout, env, signal: stop.signal })
  onTestFinished(async () => {
    stop.abort()
    await ended
  })
  const line = await stdout.logLine((line) => 'url' in line)
  const port = new URL(String(line['url'])).port
  const status = async (key?: string) => {
    const headers = key === undefined ? {} : { Authorization: `Bearer ${key}` }
    return (await fetch(`http://127.0.0.1:${port}/api/v1/sessions`, { headers })).status
  }
  return { stdout, status }
}

describe('colloquy serve with keys', () => {
  it('takes them from its file, as colloquy keys create writes it', async () => {
    const { folder, remove } = writeModule('')
    onTestFinished(remove)
    const file = join(folder, 'keys.txt')
    const { stdout: made } = await runMain(['keys', 'create', 'web-shop', '--file', file, '--json'])
    const { key } = JSON.parse(made) as { key: string }
    const { status, stdout } = await serving(['--api-keys-file', file])
    expect([await status(), await status('clq_wrong'), await status(key)]).toEqual([401, 401, 200])
    expect(readFileSync(file, 'utf8')).not.toContain(key)
    expect(await stdout.logLine((line) => line['key'] === 'web-shop')).toMatchObject({ status: 200 })
    expect(stdout.text).not.toContain(key)
  })

  it('takes them from the environment, and logs nothing of them', async () => {
    const { key, entry } = createApiKey('web-shop')
    const env = { COLLOQUY_API_KEYS: `${entry.name}:${entry.hash}` }
    const { status, stdout } = await serving([], env)
    expect([await status(), await status(key)]).toEqual([401, 200])
    expect(stdout.text).not.toContain(entry.hash)
  })

  it('listens for others, and warns of nothing', async () => {
    const { entry } = createApiKey('web-shop')
    const env = { COLLOQUY_API_KEYS: `${entry.name}:${entry.hash}` }
    const { status, stdout } = await serving(['--host', '0.0.0.0'], env)
    expect(await status()).toBe(401)
    expect(stdout.logLines().filter(({ level }) => Number(level) > 30)).toEqual([])
  })
})

describe('colloquy serve without keys', () => {
  it.each(['0.0.0.0', '::'])('refuses to listen on %s, and says what to do', async (host) => {
    const { exitCode, stdout, stderr } = await runMain(['serve', '--port', '0', '--host', host])
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(`  --host: others can reach ${host}, and there are no API keys.`)
    expect(stderr).toContain('--allow-unauthenticated')
    expect(stderr).toContain('colloquy keys create')
  })

  it('listens for others when everybody is meant, and warns', async () => {
    const { status, stdout } = await serving(['--host', '0.0.0.0', '--allow-unauthenticated'])
    expect(await status()).toBe(200)
    expect(stdout.logLines()).toContainEqual(
      expect.objectContaining({ level: 40, msg: expect.stringContaining('anybody who reaches') }),
    )
  })

  it('does not start with a file of keys that is not there', async () => {
    const { exitCode, stderr } = await runMain(['serve', '--port', '0', '--api-keys-file', '/no/such/keys'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('  --api-keys-file: There is no file /no/such/keys')
  })
})
