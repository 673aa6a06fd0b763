import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A way to a server on which connections break when they are told to. */
export interface CuttingProxy {
  /** Such as `http://127.0.0.1:49152`. */
  readonly url: string
  /** Lets so many more bytes of answers through, of whatever connection, and then closes the one that brought the last. */
  cutAfter(bytes: number): void
  /** Whether the last cut was made. */
  hasCut(): boolean
}

/** Starts one before a server of this machine, until the test has ended. */
export async function startCuttingProxy(server: string): Promise<CuttingProxy> {
  let left = Infinity
  let hasCut = false
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}) // a broken connection is what this is about
    socket.once('close', () => sockets.delete(socket))
    return socket
  }
  const proxy = createServer((client) => {
    keep(client)
    const upstream = keep(connect(Number(new URL(server).port), '127.0.0.1'))
    client.pipe(upstream)
    client.once('close', () => upstream.destroy())
    upstream.once('close', () => client.destroy())
    upstream.on('data', (data) => {
      if (data.length < left) {
        left -= data.length
        client.write(data)
        return
      }
      upstream.pause()
      client.write(data.subarray(0, left), () => client.destroy())
      left = Infinity
      hasCut = true
    })
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    proxy.close()
  })
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    cutAfter(bytes) {
      left = bytes
      hasCut = false
    },
    hasCut: () => hasCut,
  }
}
