import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runMain } from '../../run-main.fixture.js'
import type { CheckFinding } from '../finding.js'

/** A server of models, and what it was sent as a key. */
async function startModels(listener: RequestListener) {
  const keys: (string | undefined)[] = []
  const server = createServer((req, res) => {
    keys.push(req.headers.authorization)
    listener(req, res)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, keys }
}

async function found(model: string, url: string, env: Readonly<Record<string, string>> = {}) {
  const argv = ['doctor', '--json', '--port', '0', '--model', model, '--model-base-url', url]
  const { stdout } = await runMain(argv, { env })
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly CheckFinding[] }
  expect(stdout).not.toContain('k-secret')
  return findings.filter(({ check }) => check === 'model')
}

const having =
  (...ids: readonly string[]): RequestListener =>
  (req, res) => {
    if (req.url === '/v1/models') res.end(JSON.stringify({ data: ids.map((id) => ({ id })) }))
    else res.writeHead(404).end()
  }

describe('colloquy doctor and a server of models', () => {
  it.each([
    ['ollama/llama3.2', ['llama3.2:latest']],
    ['ollama/llama3.2:1b', ['other', 'llama3.2:1b']],
    ['openai-compatible/org/small', ['org/small']],
  ])('finds %s among %j', async (model, ids) => {
    const { url, keys } = await startModels(having(...ids))
    expect(await found(model, url)).toEqual([
      { check: 'model', status: 'ok', found: `${url} has ${model.slice(model.indexOf('/') + 1)}.` },
    ])
    expect(keys).toEqual([undefined])
  })

  it('says how to get a model that is not there', async () => {
    const { url } = await startModels(having('a', 'b'))
    expect(await found('ollama/llama3.2', url)).toMatchObject([
      {
        status: 'warning',
        found: `${url} does not have llama3.2; it has a, b.`,
        mend: 'Get it: ollama pull llama3.2',
      },
    ])
    const none = await startModels(having())
    expect(await found('openai-compatible/small', none.url)).toMatchObject([
      { status: 'warning', found: expect.stringContaining('it has none'), mend: 'Name one that it has.' },
    ])
  })

  it('sends the key that a model would be asked with, and says when it is another one', async () => {
    const { url, keys } = await startModels((_req, res) => res.writeHead(401).end())
    expect(
      await found('openai-compatible/small', url, { OPENAI_COMPATIBLE_API_KEY: 'k-secret' }),
    ).toMatchObject([{ status: 'fault', mend: 'Set OPENAI_COMPATIBLE_API_KEY.' }])
    expect(keys).toEqual(['Bearer k-secret'])
  })

  it('says that nothing answers there, or nothing that is known', async () => {
    expect(await found('ollama/llama3.2', 'http://127.0.0.1:1/v1')).toMatchObject([
      { status: 'fault', mend: 'Start it: ollama serve. Or say where it is: --model-base-url' },
    ])
    const { url } = await startModels((_req, res) => res.end('<html>'))
    expect(await found('ollama/llama3.2', url)).toMatchObject([{ status: 'unchecked' }])
  })

  it('asks nobody about the models of a provider', async () => {
    const { url, keys } = await startModels(having())
    expect(await found('openai/gpt-5-mini', url, { OPENAI_API_KEY: 'k-secret' })).toEqual([])
    expect(keys).toEqual([])
  })
})
