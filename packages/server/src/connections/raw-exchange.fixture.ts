import { connect } from 'node:net'

/** What may be said of a raw request besides its bytes. */
export interface ExchangeOptions {
  /** Whether the client sends nothing more, and says so: a request that breaks off. Default: false. */
  readonly isBrokenOff?: boolean
  /** Whether the answer has no body although its headers announce one, as that to `HEAD`. Default: false. */
  readonly isHead?: boolean
}

/**
 * Sends these bytes on a connection of their own, and reads the first answer that is final. Nothing of HTTP stands
 * between them and the server: no client that would refuse to send what is wrong.
 *
 * @throws Error when the connection ends without a whole answer
 */
export function exchange(
  port: number,
  bytes: string | Uint8Array,
  options: ExchangeOptions = {},
): Promise<Response> {
  const { isBrokenOff = false, isHead = false } = options
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    let received = Buffer.alloc(0)
    const finish = (isClosed: boolean) => {
      const answer = readAnswer(received.toString('latin1'), { isHead, isClosed })
      if (answer === null && !isClosed) return
      socket.destroy()
      if (answer === null) reject(new Error(`No whole answer came: ${JSON.stringify(received.toString())}`))
      else resolve(answer)
    }
    socket.on('data', (part) => {
      received = Buffer.concat([received, part])
      finish(false)
    })
    socket.on('end', () => finish(true))
    socket.on('close', () => finish(true))
    socket.on('error', () => finish(true)) // the server may close while the client still sends
    if (isBrokenOff) socket.end(bytes)
    else socket.write(bytes)
  })
}

/** Reads the final answer out of what came; null while it is not whole. */
function readAnswer(
  text: string,
  { isHead, isClosed }: { readonly isHead: boolean; readonly isClosed: boolean },
): Response | null {
  const headLength = text.indexOf('\r\n\r\n')
  if (headLength < 0) return null
  const [statusLine = '', ...lines] = text.slice(0, headLength).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1])
  const rest = text.slice(headLength + 4)
  if (status < 200) return readAnswer(rest, { isHead, isClosed })
  const headers = new Headers(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  )
  const hasBody = !isHead && status !== 204 && status !== 304
  const body = hasBody ? readBody(rest, headers, isClosed) : null
  if (hasBody && body === null) return null
  return new Response(body === null ? null : Buffer.from(body, 'latin1'), { status, headers })
}

function readBody(rest: string, headers: Headers, isClosed: boolean): string | null {
  if (headers.get('transfer-encoding') === 'chunked') return readChunks(rest)
  const length = headers.get('content-length')
  if (length !== null) return rest.length >= Number(length) ? rest.slice(0, Number(length)) : null
  return isClosed ? rest : null
}

function readChunks(rest: string): string | null {
  let body = ''
  for (let from = 0; ; ) {
    const lineEnd = rest.indexOf('\r\n', from)
    if (lineEnd < 0) return null
    const length = Number.parseInt(rest.slice(from, lineEnd), 16)
    if (length === 0) return body
    const start = lineEnd + 2
    if (rest.length < start + length + 2) return null
    body += rest.slice(start, start + length)
    from = start + length + 2
  }
}
