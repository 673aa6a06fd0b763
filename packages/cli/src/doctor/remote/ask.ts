import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

/** What a server is asked. */
export interface Question {
  /** Default: `GET`. */
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
}

/** What it answers. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Asks for the beginning of an answer, over a connection of its own. What follows is read from what it resolves with. */
export function beginAsking(
  url: string,
  { method = 'GET', headers = {}, body, signal }: Question,
): Promise<IncomingMessage> {
  const request = url.startsWith('https:') ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, headers, signal, agent: false }, resolve)
    asking.on('error', reject)
    asking.end(body)
  })
}

/** Asks, and reads the whole answer. Redirects are not followed. */
export async function ask(url: string, question: Question): Promise<Answer> {
  const res = await beginAsking(url, question)
  let text = ''
  for await (const piece of res.setEncoding('utf8')) text += String(piece)
  return { status: res.statusCode ?? 0, headers: res.headers, text }
}

/** The JSON object that an answer holds; empty where it holds none. */
export function objectIn({ text }: Pick<Answer, 'text'>): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
