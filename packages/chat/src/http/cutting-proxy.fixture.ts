import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A TCP proxy whose connections can be cut, until its test is over. */
export interface CuttingProxy {
  readonly url: string
  /** Cuts all connections. */
  cut(): void
  /** Lets no new connection through any more, or lets them through again. */
  block(isBlocked: boolean): void
}

/** Starts a proxy before a server on this machine. */
export async function startProxy(port: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>()
  let isBlocked = false
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer((near) => {
    keep(near)
    if (isBlocked) return void near.resetAndDestroy()
    const far = connect(port, '127.0.0.1')
    keep(far)
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  }).listen(0, '127.0.0.1')
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  onTestFinished(() => {
    cut()
    server.close()
  })
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    block(blocked) {
      isBlocked = blocked
    },
  }
}
