import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startServer } from './measured-server.ts'
import { rawProgram } from './program-of.ts'

describe('a server that can be asked', () => {
  it('tells what it holds, and nobody waits for its answer when it has ended', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-test-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const program = (port: number) => rawProgram('echo', [], port)
    const server = await startServer({ side: 'raw', program, folder, cores: null, inside: true })
    onTestFinished(() => server.close())
    expect((await server.ask('memory')).inUse).toBeGreaterThan(1_000_000)
    const asked = server.ask('memory')
    process.kill(server.pid, 'SIGKILL')
    await expect(asked).rejects.toThrow('The server (raw) has ended, and was asked for memory.')
    await expect(server.ask('memory')).rejects.toThrow('has ended')
  })
})
