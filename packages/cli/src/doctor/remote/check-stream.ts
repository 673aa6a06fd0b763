import { createGunzip } from 'node:zlib'
import { type Finding, fault, unchecked } from '../finding.js'
import { ask, beginAsking } from './ask.js'
import { compressionOf } from './check-compression.js'
import { judgeArrival } from './judge-arrival.js'
import type { Target } from './target.js'

/** After how long a stream that comes in pieces is known to do so, in milliseconds. The rest is left to itself. */
const enoughMs = 5_000

/** Says something, watches how the answer comes, and deletes the session again. */
export async function checkStream(
  { url, headers }: Target,
  message: string,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const begun = performance.now()
  const res = await beginAsking(`${url}/api/v1/chat`, {
    method: 'POST',
    headers: {
      ...headers,
      'Content-Type': 'application/json',
      Accept: 'text/event-stream',
      'Accept-Encoding': 'gzip',
    },
    body: JSON.stringify({ message, stream: true, on_disconnect: 'cancel' }),
    signal,
  })
  const session = res.headers['x-session-id']
  try {
    if (res.statusCode !== 200 || !String(res.headers['content-type']).startsWith('text/event-stream'))
      return [
        fault(
          `A message is answered with ${res.statusCode}, and no stream.`,
          'The log of the server says why.',
        ),
      ]
    const arrivals: number[] = []
    const note = () => arrivals.push(performance.now() - begun)
    res.on('data', note)
    const compression = compressionOf(res.headers['content-encoding'])
    const text = await readText(compression === undefined ? res : res.pipe(createGunzip()), () => {
      return (arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0) >= enoughMs
    })
    const arrival = judgeArrival({ arrivals, text, totalMs: performance.now() - begun })
    return compression === undefined ? [arrival] : [compression, arrival]
  } finally {
    res.destroy()
    if (typeof session === 'string')
      await ask(`${url}/api/v1/sessions/${session}`, { method: 'DELETE', headers, signal }).catch(
        () => undefined,
      )
  }
}

async function readText(pieces: AsyncIterable<unknown>, isEnough: () => boolean): Promise<string> {
  let text = ''
  try {
    for await (const piece of pieces) {
      text += String(piece)
      if (isEnough()) break
    }
  } catch {
    // that it broke off is seen by what has come
  }
  return text
}

/** That it can't be told without a message, and what to do. */
export function untoldStream(url: string): Finding {
  return unchecked(
    'Whether streams are held back: only an answer tells, and one may cost something.',
    `colloquy doctor --url ${url} --message Hello`,
  )
}
