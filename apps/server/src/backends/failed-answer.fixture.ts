import { serve } from './served.fixture.js'

/** What nobody may see of a message. */
export const message = 'A message that nobody may see.'

/** How a message was answered by a server that is started for it and ends after it. */
export interface FailedAnswer {
  readonly status: number
  readonly code: unknown
  readonly retryAfter: string | null
  /** All that the client was sent. */
  readonly text: string
  /** What the turn failed with, as the log has it. */
  readonly logged: string
  /** All that was logged and printed. */
  readonly output: string
}

/** Asks what is served with these arguments a message that it can't answer. */
export async function failedAnswer(
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<FailedAnswer> {
  const { address, child, ended, lines, logged } = await serve([...flags, '--log-level', 'trace'], env)
  const response = await fetch(`${address}/api/v1/chat`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ message }),
  })
  const text = await response.text()
  await logged(({ msg }) => msg === 'turn failed')
  const failure = lines.find(({ msg }) => msg === 'turn failed')
  child.kill('SIGTERM')
  const { stdout, stderr } = await ended
  return {
    status: response.status,
    code: (JSON.parse(text) as { readonly code?: unknown }).code,
    retryAfter: response.headers.get('retry-after'),
    text,
    logged: JSON.stringify(failure),
    output: stdout + stderr,
  }
}
