/**
 * A chat interface that takes no care of what it is told. The first word of a message says how it ends; the second one is
 * what must not get out.
 */
export default async function* leaky(
  message: string,
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator {
  const [what = '', secret = ''] = message.split(' ')
  yield { type: 'state', state: { said: secret } }
  yield { type: 'functionCall', callId: `call_${secret}`, name: `f_${secret}`, arguments: { of: secret } }
  yield { type: 'functionResult', callId: `call_${secret}`, name: `f_${secret}`, error: `no ${secret}` }
  yield { type: 'data', name: `d_${secret}`, data: { secret } }
  yield `I was told ${secret}.`
  switch (what) {
    case 'repeat':
      throw new Error(`I can't answer ${secret}`)
    case 'throw':
      throw Object.assign(
        new Error(`401 for Bearer ${secret}`, { cause: causeOf(secret) }),
        propertiesOf(secret),
      )
    case 'refuse':
      throw Object.assign(new Error(`the provider refused api_key=${secret}`), {
        name: 'ChatError',
        code: 'upstream_failed',
      })
    case 'chunk':
      yield { type: 'text', text: { secret } }
      break
    case 'name':
      yield { type: `song ${secret}`, [secret]: secret }
      break
    case 'result':
      yield { type: 'functionResult', callId: secret, name: secret, result: secret }
      break
    case 'cycle': {
      const cycle: Record<string, unknown> = { [secret]: secret }
      cycle['self'] = cycle
      yield { type: 'data', name: secret, data: cycle }
      break
    }
    case 'hang':
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      throw new Error(`password=${secret}`)
    case 'flood':
      yield `${secret} `.repeat(100_000)
      break
    default:
  }
}

/** Why it failed, with credentials wherever a text can have them. */
function causeOf(secret: string): Error {
  return new AggregateError(
    [
      new Error(`GET https://user:${secret}@a.example/v1?key=${secret} answered {"api_key":"${secret}"}`),
      new Error(`the key sk-proj-${secret} is wrong, and so is password=${secret}`),
    ],
    `Authorization: Basic ${secret}`,
  )
}

/** What HTTP libraries and those of model providers hang on their errors. */
function propertiesOf(secret: string): object {
  const headers = { Authorization: `Bearer ${secret}`, Cookie: secret, 'x-goog-api-key': secret }
  return {
    config: { method: 'post', url: `https://a.example/v1?q=${secret}`, headers, data: secret },
    request: { method: 'POST', path: `/v1?q=${secret}`, _header: secret, headers },
    response: { status: 401, headers: { 'set-cookie': secret }, data: secret, config: { headers } },
    requestBodyValues: { messages: [{ role: 'user', content: secret }] },
    responseBody: secret,
    apiKey: secret,
    nested: { password: secret, deeper: { session_token: { value: secret } } },
    socket: new Map([[secret, secret]]),
  }
}
