import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** When and how a connection breaks: after so many bytes of requests or of answers, with a FIN or a RST to both sides. */
export interface Cut {
  readonly direction: 'request' | 'answer'
  readonly bytes: number
  readonly how: 'FIN' | 'RST'
}

/** What has been cut so far. */
export type CutCounts = Record<`${Cut['how']} in ${Cut['direction']}`, number>

/** A way to a server on which connections break as it was planned. */
export interface CuttingProxy {
  /** Such as `http://127.0.0.1:49152`. */
  readonly url: string
  readonly counts: CutCounts
  /** How many connections were cut. */
  cuts(): number
}

/**
 * Starts one before a server of this machine, until the test has ended.
 *
 * @param planCut called for each connection: how it breaks; undefined when it does not
 */
export async function startCuttingProxy(
  serverPort: number,
  planCut: () => Cut | undefined,
): Promise<CuttingProxy> {
  const counts: CutCounts = {
    'FIN in request': 0,
    'RST in request': 0,
    'FIN in answer': 0,
    'RST in answer': 0,
  }
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined) // a broken connection is what this is about
    socket.once('close', () => sockets.delete(socket))
    return socket
  }
  const proxy = createServer({ allowHalfOpen: true }, (client) => {
    const server = connect({ port: serverPort, host: 'localhost', allowHalfOpen: true })
    const pair = [keep(client), keep(server)] as const
    const plan = planCut()
    const cut = (rest: Uint8Array, { direction, how }: Cut) => {
      counts[`${how} in ${direction}`] += 1
      for (const socket of pair) socket.removeAllListeners('data')
      const [from, to] = direction === 'request' ? pair : [server, client]
      to.write(rest, () => {
        for (const socket of [to, from]) {
          if (how === 'RST') socket.resetAndDestroy()
          else socket.destroySoon()
        }
      })
    }
    pass(client, server, plan?.direction === 'request' ? plan : undefined, cut)
    pass(server, client, plan?.direction === 'answer' ? plan : undefined, cut)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    proxy.close()
  })
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    counts,
    cuts: () => Object.values(counts).reduce((sum, count) => sum + count, 0),
  }
}

/** Passes on what comes, up to a cut. */
function pass(
  from: Socket,
  to: Socket,
  plan: Cut | undefined,
  cut: (rest: Uint8Array, plan: Cut) => void,
): void {
  let left = plan?.bytes ?? Infinity
  from.on('data', (data: Buffer) => {
    if (plan !== undefined && data.length >= left) cut(data.subarray(0, left), plan)
    else if (!to.write(data)) {
      from.pause()
      to.once('drain', () => from.resume())
    }
    left -= data.length
  })
  from.once('end', () => to.end())
  from.once('close', () => to.destroySoon())
}
