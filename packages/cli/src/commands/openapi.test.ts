import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { runMain } from '../run-main.fixture.js'
import { startSessionServer } from '../session-server.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'

interface Document {
  readonly info: { readonly version: string }
}

/** The document that a server answers with. */
async function servedAt(url: string): Promise<Document> {
  return (await (await fetch(`${url}/openapi.json`)).json()) as Document
}

describe('colloquy openapi', () => {
  it('prints the document of a server with keys and the usual limits, without one', async () => {
    const { url } = await startSessionServer({ apiKey: 'clq_right' })
    const { exitCode, stdout, stderr } = await runMain(['openapi'], {
      env: { COLLOQUY_URL: 'http://127.0.0.1:9' },
    })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual(await servedAt(url))
  })

  it('prints the same as YAML, which repeats nothing by a reference', async () => {
    const json = await runMain(['openapi'])
    const { stdout } = await runMain(['openapi', '--yaml'])
    expect(stdout).toMatch(/^openapi: 3\.1\.0\n/)
    expect(parse(stdout)).toEqual(JSON.parse(json.stdout))
    expect(stdout).not.toMatch(/: [&*]a\d+$/m)
  })

  it('writes a file, as YAML where its name says so', async () => {
    const cwd = writeFolder({})
    expect(await runMain(['openapi', '--output', 'a.json'], { cwd })).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'Wrote a.json.\n',
    })
    await runMain(['openapi', '--output', 'b.yaml'], { cwd })
    const text = readFileSync(join(cwd, 'a.json'), 'utf8')
    expect(parse(readFileSync(join(cwd, 'b.yaml'), 'utf8'))).toEqual(JSON.parse(text))
    expect(await runMain(['openapi', '--output', 'none/a.json'], { cwd })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: '--output: There is no folder none. Make it first.\n',
    })
    expect(existsSync(join(cwd, 'none'))).toBe(false)
  })

  it('prints that of a running server', async () => {
    const { url } = await startSessionServer()
    const { stdout } = await runMain(['openapi', '--url', url])
    expect(JSON.parse(stdout)).toEqual(await servedAt(url))
  })

  it.each([
    ['off', {}, 5, /it may keep its documentation off \(--docs off\)/],
    ['key', {}, 4, /None was sent: put yours into the variable COLLOQUY_API_KEY\.\n$/],
    ['key', { COLLOQUY_API_KEY: 'clq_right' }, 0, /^$/],
  ] as const)(
    'asks a server with --docs %s, with the key of %j',
    async (documentation, env, exitCode, told) => {
      const { url } = await startSessionServer({ apiKey: 'clq_right', documentation })
      const { stderr, ...ended } = await runMain(['openapi', '--url', url], { env })
      expect(ended.exitCode).toBe(exitCode)
      expect(stderr).toMatch(told)
    },
  )
})
