import { type Finding, ok, unchecked, warning } from '../finding.js'
import { ask, beginAsking, objectIn } from './ask.js'
import type { Target } from './target.js'

/** How many sessions are looked at for one that has a turn. */
const mostSessions = 5

/** Reads the head of a stream that is over, which costs nothing: a proxy that compresses it would hold back others. */
export async function checkCompression(target: Target, signal: AbortSignal): Promise<Finding> {
  const path = await findStream(target, signal)
  if (path === undefined)
    return unchecked('There is no turn yet, whose stream could be looked at.', 'Chat once, and look again.')
  const headers = { ...target.headers, 'Accept-Encoding': 'gzip, deflate, br, zstd' }
  const res = await beginAsking(target.url + path, { headers, signal })
  res.destroy()
  return compressionOf(res.headers['content-encoding']) ?? ok('Streams are not compressed.')
}

/** What there is to say of a stream that is compressed. @param encoding the header `Content-Encoding` */
export function compressionOf(encoding: string | undefined): Finding | undefined {
  if (encoding === undefined || encoding === 'identity') return undefined
  return warning(
    `What stands in front compresses streams (${encoding}): events may wait until there is enough to compress.`,
    'Leave text/event-stream out of what it compresses: in nginx, gzip_types; in Apache, SetEnv no-gzip.',
  )
}

async function findStream({ url, headers }: Target, signal: AbortSignal): Promise<string | undefined> {
  const idsIn = async (path: string, name: string) => {
    const { data } = objectIn(await ask(url + path, { headers, signal }))
    return Array.isArray(data) ? data.map((item) => String((item as Record<string, unknown>)[name])) : []
  }
  for (const session of await idsIn(`/api/v1/sessions?limit=${mostSessions}`, 'session_id')) {
    const [turn] = await idsIn(`/api/v1/sessions/${session}/turns?limit=1`, 'turn_id')
    if (turn !== undefined) return `/api/v1/sessions/${session}/turns/${turn}/events`
  }
  return undefined
}
