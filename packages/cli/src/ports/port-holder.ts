import { get } from 'node:http'
import { findListener, type Listener } from './find-listener.js'

/** Who has a port of this machine, as far as that can be known. */
export interface PortHolder {
  /** The process; undefined where it is somebody else's, or the system does not tell. */
  readonly listener: Listener | undefined
  /** Whether it answers as a Colloquy server does. */
  readonly isColloquy: boolean
}

/** How long whoever has the port may take to answer, in milliseconds. */
const answerMs = 1_000

/** Finds out who listens on a port. It never fails. @param address that was to be listened on */
export async function findPortHolder(address: string, port: number): Promise<PortHolder> {
  const [listener, isColloquy] = await Promise.all([findListener(port), answersAsColloquy(address, port)])
  return { listener, isColloquy }
}

/** Who has a port, to follow "is taken by". */
export function describeHolder({ listener, isColloquy }: PortHolder): string {
  const kind = isColloquy ? 'a Colloquy server' : 'another program'
  return listener === undefined ? kind : `${kind}: ${listener.program}, process ${listener.pid}`
}

function answersAsColloquy(address: string, port: number): Promise<boolean> {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address
  return new Promise((resolve) => {
    const timeout = AbortSignal.timeout(answerMs)
    // By a name that a server without keys answers to as well.
    const asked = { host, port, path: '/health/live', headers: { Host: 'localhost' }, signal: timeout }
    get(asked, (res) => {
      let text = ''
      res.setEncoding('utf8')
      res.on('data', (piece: string) => {
        text += piece
        if (text.length > 1_000) res.destroy()
      })
      res.on('close', () => resolve(text === '{"status":"live"}'))
      res.on('error', () => resolve(false))
    }).on('error', () => resolve(false))
  })
}
