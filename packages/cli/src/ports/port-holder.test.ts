import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { platform } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { startEchoServer } from '../echo-server.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'
import { findListener } from './find-listener.js'
import { describeHolder, findPortHolder } from './port-holder.js'

async function portOf(server: ReturnType<typeof createServer>, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const isKnown = platform() === 'linux'

describe('who has a port', () => {
  it.skipIf(!isKnown)('is told by its process and its program, also when it is another one', async () => {
    const script = `require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })`
    const child = spawn(process.execPath, ['-e', script])
    onTestFinished(() => void child.kill())
    const [port] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
    const holder = await findPortHolder('127.0.0.1', Number(port))
    expect(holder).toEqual({
      listener: { pid: child.pid, program: basename(process.execPath) },
      isColloquy: false,
    })
    expect(describeHolder(holder)).toBe(`another program: node, process ${child.pid}`)
  })

  it.skipIf(!isKnown)('is found on an IPv6 address as well', async () => {
    const port = await portOf(createServer(), '::1')
    expect(await findListener(port)).toMatchObject({ pid: process.pid })
  })

  it('is known as a Colloquy server by its answer', async () => {
    const server = await startEchoServer()
    onTestFinished(() => server.close())
    for (const address of ['127.0.0.1', '0.0.0.0'])
      expect(await findPortHolder(address, server.port)).toMatchObject({ isColloquy: true })
  })

  it('is no Colloquy server when it answers something else, or much, or nothing', async () => {
    const other = createHttpServer((_req, res) => res.end('{"status":"live"}'.padEnd(5_000)))
    const silent = createServer((socket) => socket.resume())
    for (const server of [other, silent]) {
      const port = await portOf(server)
      expect(await findPortHolder('127.0.0.1', port)).toMatchObject({ isColloquy: false })
    }
  })

  it('is nobody where nobody listens, or the system does not tell', async () => {
    const server = createServer()
    const port = await portOf(server)
    expect(await findListener(port, 'aix')).toBeUndefined()
    server.close()
    await once(server, 'close')
    const holder = await findPortHolder('127.0.0.1', port)
    expect(holder).toEqual({ listener: undefined, isColloquy: false })
    expect(describeHolder(holder)).toBe('another program')
  })

  it('is asked of lsof on a Mac', async () => {
    const folder = writeFolder({
      lsof: '#!/bin/sh\n[ "$2" = -iTCP:8000 ] && printf "p42\\ncPython\\nf3\\n"\n',
    })
    chmodSync(join(folder, 'lsof'), 0o755)
    vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`)
    onTestFinished(() => void vi.unstubAllEnvs())
    expect(await findListener(8000, 'darwin')).toEqual({ pid: 42, program: 'Python' })
    expect(await findListener(8001, 'darwin')).toBeUndefined()
  })
})
