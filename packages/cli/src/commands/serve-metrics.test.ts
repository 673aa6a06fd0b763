import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { spawnBin } from '../spawn-bin.fixture.js'
import { writeModule } from '../write-module.fixture.js'

function spawnServe(argv: readonly string[] = []) {
  const module = writeModule('export default function echo(message: string) { return message }')
  onTestFinished(module.remove)
  const bin = spawnBin(['serve', module.path, '--port', '0', '--host', '127.0.0.1', ...argv])
  onTestFinished(bin.kill)
  const listening = async () => String((await bin.stdout.logLine((line) => 'url' in line))['url'])
  return { ...bin, listening }
}

describe('colloquy serve', () => {
  it('serves metrics of its turns and its store', async () => {
    const url = await spawnServe().listening()
    await fetch(`${url}/api/v1/chat`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"message":"hi"}',
    })
    const text = await (await fetch(`${url}/metrics`)).text()
    expect(text).toContain('colloquy_sessions_created_total 1')
    expect(text).toMatch(/colloquy_store_call_duration_seconds_count\{call="accept_turn",failed="false"\} 1/)
    expect(text).toMatch(/^colloquy_build_info\{version="\d+\.\d+\.\d+"\} 1$/m)
  })

  it('serves them on a port of their own when it is told to, and says which', async () => {
    const { listening, stdout, child, ended } = spawnServe(['--metrics-port', '0'])
    const url = await listening()
    const { port } = await stdout.logLine(({ msg }) => msg === 'the metrics have a port of their own')
    expect((await fetch(`${url}/metrics`)).status).toBe(404)
    expect(await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text()).toContain(
      'colloquy_sessions 0',
    )
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it('says that their port is taken, and by which flag to choose another', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    expect(await spawnServe(['--metrics-port', String(port)]).ended).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        new RegExp(
          `^Port ${port} on 127\\.0\\.0\\.1 is taken by another program.*\\. ` +
            `Choose another: --metrics-port ${port + 1}, or --metrics-port 0 for a free one\\.\n$`,
        ),
      ),
    })
  })
})
