import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'

/** An answer, whole. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Of JSON, the value; otherwise the text. */
  readonly body: unknown
}

/** An event, as it came. */
export interface PlainEvent {
  readonly seq: number
  readonly type: string
  readonly data: string
}

/** An answer that is a stream of events. */
export interface EventAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** For one `for await`; leaving it closes the connection. @throws ConnectionLost */
  readonly events: AsyncIterable<PlainEvent>
}

/** There was no answer, or not all of it. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}

/** What a request is made of, besides its method and path. */
export interface Request {
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** HTTP as it is: nothing is repeated, and nothing is believed. Each call may throw {@link ConnectionLost}. */
export interface PlainHttp {
  ask(method: string, path: string, request?: Request): Promise<Answer>
  /** As `ask`, but an event stream is given as it comes. */
  open(method: string, path: string, request?: Request): Promise<Answer | EventAnswer>
  /** Closes all connections. */
  close(): void
}

/** Talks to the server of this port of this machine. */
export function createPlainHttp(port: number): PlainHttp {
  const agent = new Agent({ keepAlive: true })
  const send = (method: string, path: string, { body, headers = {} }: Request = {}) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body)
      const described =
        body === undefined
          ? headers
          : { ...headers, 'Content-Type': 'application/json', 'Content-Length': `${Buffer.byteLength(text)}` }
      const req = request({ port, host: 'localhost', method, path, agent, headers: described }, resolve)
      req.once('error', (cause) => {
        const connection = req.reusedSocket ? 'a connection that was used before' : 'a new connection'
        reject(new ConnectionLost(`${method} ${path} over ${connection}: ${cause.message}`, { cause }))
      })
      req.end(text)
    })
  const open: PlainHttp['open'] = async (method, path, options) => {
    const response = await send(method, path, options)
    const { statusCode: status = 0, headers } = response
    if (headers['content-type']?.startsWith('text/event-stream') === true)
      return { status, headers, events: eventsOf(response) }
    let text = ''
    for await (const part of textOf(response)) text += part
    const isJson = headers['content-type']?.includes('json') === true
    return { status, headers, body: isJson ? JSON.parse(text) : text }
  }
  return {
    open,
    async ask(method, path, options) {
      const answer = await open(method, path, options)
      if ('body' in answer) return answer
      throw new Error(`${method} ${path} was answered with a stream`)
    },
    close: () => agent.destroy(),
  }
}

async function* textOf(response: IncomingMessage): AsyncGenerator<string> {
  try {
    for await (const part of response.setEncoding('utf8')) yield String(part)
  } catch (cause) {
    throw new ConnectionLost('The answer broke off', { cause })
  }
  if (!response.complete) throw new ConnectionLost('The answer broke off')
}

/** The events of a stream, by the letter of what is promised: a frame is of one line each of id, event and data. */
async function* eventsOf(response: IncomingMessage): AsyncGenerator<PlainEvent> {
  let rest = ''
  for await (const part of textOf(response)) {
    const frames = `${rest}${part}`.split('\n\n')
    rest = frames.pop() ?? ''
    for (const frame of frames) {
      const lines = frame.split('\n').filter((line) => !/^(:|retry: \d+$)/.test(line))
      if (lines.length === 0) continue
      const [, seq, type, data] = /^id: (\d+)\nevent: (\S+)\ndata: (.*)$/.exec(lines.join('\n')) ?? []
      if (type === undefined || data === undefined) throw new Error(`No event: ${frame}`)
      yield { seq: Number(seq), type, data }
    }
  }
  if (rest !== '') throw new Error(`The stream ended within an event: ${rest}`)
}

/** Whether an event ends its turn. */
export function isFinal({ type }: Pick<PlainEvent, 'type'>): boolean {
  return ['turn.completed', 'turn.failed', 'turn.cancelled', 'turn.interrupted'].includes(type)
}
