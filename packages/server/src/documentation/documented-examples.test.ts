import type { ProblemCode } from '@colloquy/contract'
import type { ChatInterface } from '@colloquy/session'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { describe, expect, it } from 'vitest'
import {
  authenticate,
  key,
  type Provoke,
  provocations,
  provokedByChat,
  type Sent,
  send,
  startWithKey,
  startWithLease,
  waitingChat,
} from '../answer/provoked-problems.fixture.js'
import { serve } from '../index.js'
import { startServer, type TestServer } from '../server.fixture.js'
import {
  ambientHeaders,
  type DocumentedApi,
  type Operation,
  readDocumentedApi,
} from './documented-api.fixture.js'

/** Says everything that a chat interface can say. */
const talkative: ChatInterface = {
  name: 'furniture-shop assistant',
  functions: [{ name: 'lookup_products', description: 'Searches the catalogue.', parameters: {} }],
  health: () => ({ model: { status: 'degraded', detail: 'slow' } }),
  async *reply(message, { signal }) {
    if (message === 'wait') await new Promise((resolve) => signal.addEventListener('abort', resolve))
    yield { type: 'functionCall', callId: 'call_1', name: 'lookup_products', arguments: { query: 'chair' } }
    yield { type: 'functionResult', callId: 'call_1', name: 'lookup_products', result: { total: 3 } }
    yield { type: 'functionCall', callId: 'call_2', name: 'lookup_products', arguments: ['sofa', null] }
    yield {
      type: 'functionResult',
      callId: 'call_2',
      name: 'lookup_products',
      error: 'the catalogue is closed',
    }
    yield { type: 'functionCall', callId: 'call_3', name: 'lookup_products', arguments: 7 }
    yield { type: 'data', name: 'product_cards', data: [{ product_id: 'P001' }] }
    yield 'Here are three chairs.'
    yield { type: 'usage', inputTokens: 12, outputTokens: 34 }
    yield { type: 'finish', reason: 'stop' }
  },
}

// The tests below are made from the document, so it is read before they are.
const { documented, documentedWithoutKeys } = await readDocuments()

describe('the document of a server', () => {
  it('has a description and an answer for every operation, and an example of every body and every answer', () => {
    expect(documented.operations.length).toBeGreaterThan(10)
    for (const { name, summary, description, method, bodies, answers } of documented.operations) {
      const takesBody = method === 'post' || method === 'patch'
      expect([name, summary !== undefined, description !== undefined]).toEqual([name, true, true])
      expect([name, Object.keys(bodies).length > 0]).toEqual([name, takesBody])
      for (const [status, { description, content = {} }] of Object.entries(answers)) {
        expect([name, status, description]).toEqual([name, status, expect.stringMatching(/\w/)])
        for (const { examples = {} } of Object.values(content))
          expect([name, status, Object.keys(examples).length > 0]).toEqual([name, status, true])
      }
    }
  })

  it('has examples that its own schemas take', () => {
    for (const { name, method, path, answers, bodies, parameters } of documented.operations) {
      const at = ['paths', path, method]
      const faults = [
        ...Object.values(bodies).flatMap(({ value }) =>
          documented.faultsOf(value, ...at, 'requestBody', 'content', 'application/json', 'schema'),
        ),
        ...parameters.flatMap((parameter, index) =>
          parameter.in === 'header'
            ? []
            : (parameter.schema.examples ?? []).flatMap((value) =>
                documented.faultsOf(value, ...at, 'parameters', `${index}`, 'schema'),
              ),
        ),
        ...Object.entries(answers).flatMap(([status, { content = {} }]) =>
          Object.entries(content).flatMap(([type, { examples = {} }]) =>
            Object.values(examples).flatMap(({ value }) =>
              documented.faultsOf(value, ...at, 'responses', status, 'content', type, 'schema'),
            ),
          ),
        ),
      ]
      expect([name, faults]).toEqual([name, []])
    }
  })

  it('has whole streams as examples, one for each end and one that waits, with every type of event', () => {
    const { examples = {} } = operation('chat').answers['200']?.content?.['text/event-stream'] ?? {}
    const types = Object.entries(examples).flatMap(([end, { value }]) => {
      const types = documented.checkStream(String(value))
      expect(types.at(-1)).toBe(`turn.${end === 'queued' ? 'completed' : end}`)
      return types
    })
    const schemas = [
      'turn.queued',
      'turn.started',
      'text.delta',
      'function.called',
      'function.returned',
      'data',
    ]
    const ends = ['turn.completed', 'turn.failed', 'turn.cancelled', 'turn.interrupted']
    expect(new Set(types)).toEqual(new Set([...schemas, ...ends]))
  })

  it('names the headers of all answers in its introduction, and no answer has another one of its own', () => {
    const own = [...ambientHeaders].filter((name) => name.startsWith('x-'))
    for (const name of own) expect(documented.introduction.toLowerCase()).toContain(`\`${name}: `)
  })

  it('finds what an answer has too much, too little or wrong: the checks of these tests work', async () => {
    const live = operation('live')
    const headers = {
      'Content-Type': 'application/json',
      'X-Request-Id': '1',
      'Server-Timing': 'total;dur=1.5',
      'X-Response-Time': '1.5',
    }
    const answer = (body: object, init: ResponseInit = {}) =>
      documented.check(live, new Response(JSON.stringify(body), { headers, ...init }))
    await expect(answer({ status: 'live' })).resolves.toEqual({ status: 'live' })
    const { 'X-Request-Id': _, ...withoutId } = headers
    const fine = { status: 'live' }
    await expect(answer({ status: 'dead' })).rejects.toThrow('must be equal to one of the allowed values')
    await expect(answer({})).rejects.toThrow("must have required property 'status'")
    await expect(answer({ ...fine, more: 1 })).rejects.toThrow('must NOT have additional properties')
    await expect(answer(fine, { status: 418 })).rejects.toThrow('does not have this status')
    await expect(answer(fine, { headers: { ...headers, 'X-More': '1' } })).rejects.toThrow(
      'the header x-more',
    )
    await expect(answer(fine, { headers: { ...headers, 'X-Response-Time': 'fast' } })).rejects.toThrow(
      'X-Response-Time is wrong: fast',
    )
    await expect(answer(fine, { headers: { ...headers, 'Content-Type': 'text/plain' } })).rejects.toThrow(
      'the type text/plain',
    )
    await expect(answer(fine, { headers: withoutId })).rejects.toThrow('X-Request-Id is missing')
  })
})

describe.each(documented.operations.map((operation) => ({ name: operation.name, operation })))(
  'as documented, $name',
  ({ name, operation }) => {
    const examples = examplesOf(operation)

    it.each(examples)('answers $what', async ({ request }) => {
      const server = await startWithKey(talkative)
      const response = await send(operation, await prepared(operation, server, request))
      await documented.check(operation, response)
      expect(response.status).toBeLessThan(300)
    })

    it('documents no success that no example leads to', async () => {
      const produced = new Set<string>()
      const server = await startWithKey(talkative)
      for (const { request } of examples) {
        const response = await send(operation, await prepared(operation, server, request))
        const [type = ''] = (response.headers.get('content-type') ?? '').split(';')
        produced.add(`${response.status} ${type}`)
        await response.arrayBuffer()
      }
      const successes = Object.entries(operation.answers)
        .filter(([status]) => Number(status) < 300)
        .flatMap(([status, { content = { '': null } }]) =>
          Object.keys(content).map((type) => `${status} ${type.split(';')[0]}`),
        )
      expect([name, [...produced].toSorted()]).toEqual([name, successes.toSorted()])
    })

    const problems = Object.entries(operation.answers).flatMap(([status, { content = {} }]) =>
      Object.entries(content['application/problem+json']?.examples ?? {}).map(([code, example]) => ({
        status: Number(status),
        code: code as ProblemCode,
        example: example.value as object,
      })),
    )

    it.each(problems)('answers $status $code', async ({ status, code, example }) => {
      const provoke = provocations[code]
      if (provoke === undefined) throw new Error(`Nobody knows how to provoke ${code}.`)
      const response = await provoke(operation)
      expect(response.status).toBe(status)
      const body = await documented.check(operation, response)
      expect(body).toMatchObject({ status, code, type: `urn:colloquy:problem:${code}` })
      // The example is what is answered, with other ids and other words.
      expect(Object.keys(body as object).toSorted()).toEqual(Object.keys(example).toSorted())
      expect(JSON.stringify(body)).not.toMatch(/hunter2|disk on fire|boom/)
    })

    it('answers as documented where other operations have other problems', { timeout: 60_000 }, async () => {
      const documentedCodes = new Set(problems.map(({ code }) => code))
      for (const [code, provoke] of Object.entries(provocations) as [ProblemCode, Provoke][]) {
        if (documentedCodes.has(code) || provokedByChat.has(code)) continue
        const response = await provoke(operation)
        await documented.check(operation, response)
        expect([code, response.status < 500 || response.status === 503]).toEqual([code, true])
      }
    })

    it('documents no error that is no problem, but for the health of what is not well', () => {
      const others = Object.entries(operation.answers).filter(
        ([status, { content = {} }]) => Number(status) >= 300 && !('application/problem+json' in content),
      )
      expect(others.map(([status]) => status)).toEqual(name === 'health' ? ['503'] : [])
    })
  },
)

describe('as documented for all, HEAD', () => {
  const readable = documented.operations.filter(({ method }) => method === 'get')

  it.each(readable.map((operation) => ({ name: operation.name, operation })))(
    'answers $name as GET does, without the content',
    async ({ operation }) => {
      const server = await startWithKey(talkative)
      const request = await prepared(operation, server, {})
      const get = await send(operation, request)
      const head = await send(operation, { ...request, method: 'HEAD' })
      const ofConnection = new Set(['connection', 'keep-alive', 'date', 'transfer-encoding'])
      const names = ({ headers }: Response) =>
        [...headers.keys()].filter((name) => !ofConnection.has(name)).toSorted()
      expect([head.status, names(head), await head.text()]).toEqual([get.status, names(get), ''])
    },
  )
})

describe('as documented for all, a method that a path does not take', () => {
  const paths = Map.groupBy(documented.operations, ({ path }) => path)

  it.each([...paths].map(([path, operations]) => ({ path, operations })))(
    'is answered with those that it does: $path',
    async ({ operations }) => {
      const [operation] = operations
      if (operation === undefined) throw new Error('A path without operations.')
      const response = await send(operation, { ...(await startWithKey(talkative)), method: 'PUT' })
      const body: unknown = await response.json()
      expect(response.status).toBe(405)
      expect(body).toMatchObject({ code: 'method_not_allowed', status: 405 })
      expect(documented.faultsOf(body, 'components', 'schemas', 'Problem')).toEqual([])
      const methods = operations.flatMap(({ method }) => (method === 'get' ? ['get', 'head'] : [method]))
      const allowed = [...methods, 'options'].map((method) => method.toUpperCase())
      expect(response.headers.get('allow')?.split(', ').toSorted()).toEqual(allowed.toSorted())
    },
  )

  it('is told of once, in the introduction, because no operation can have it', () => {
    expect(documented.introduction).toMatch(/405 `method_not_allowed`.*`Allow`/s)
    expect(documented.operations.flatMap(({ answers }) => Object.keys(answers))).not.toContain('405')
  })
})

describe('as documented, a server', () => {
  it('answers for a turn whose session was deleted by another process', async () => {
    const { server, begun, open, store } = await startWithLease()
    const { sessionId } = await server.manager.ownedBy('me').sessions.create()
    const chat = operation('chat')
    const answer = send(chat, { ...server, body: { message: 'hi', session_id: sessionId } })
    await begun
    await store.deleteSession({ owner: 'me', sessionId }, Date.now())
    open()
    expect(await documented.check(chat, await answer)).toMatchObject({
      code: 'turn_interrupted',
      content: '',
    })
  })

  it('tells that it is not well with 503', async () => {
    const model: { status: 'healthy' | 'unhealthy' } = { status: 'healthy' }
    const server = await startWithKey({ ...talkative, health: () => ({ model }) })
    model.status = 'unhealthy'
    const response = await send(operation('health'), server)
    expect(response.status).toBe(503)
    expect(await documented.check(operation('health'), response)).toMatchObject({ status: 'unhealthy' })
  })

  it.each(['open', 'key'] as const)('with documentation: %j documents who may read it', async (access) => {
    const server = await startWithKey(talkative, { serve: { documentation: access } })
    const api = await readDocumentedApi(server.url, { headers: { Authorization: `Bearer ${key}` } })
    for (const name of ['openapi', 'docs', 'redoc']) {
      const found = operation(name, api)
      const response = await send(found, { ...server, key: null })
      expect([name, response.status, found.security.length]).toEqual(
        access === 'open' ? [name, 200, 0] : [name, 401, 1],
      )
      await api.check(found, response)
    }
  })
})

describe('as documented, a server without keys', () => {
  it.each(documentedWithoutKeys.operations.map((operation) => ({ name: operation.name, operation })))(
    'answers $name with a key and without, and says that keys are optional and never missing',
    async ({ operation }) => {
      expect(Object.keys(operation.answers)).not.toContain('401')
      expect(operation.security.filter((scheme) => Object.keys(scheme).length === 0)).toHaveLength(
        operation.security.length > 0 ? 1 : 0,
      )
      const server = await startServer(talkative)
      for (const { request } of examplesOf(operation)) {
        for (const key of [null, 'any']) {
          const response = await send(operation, {
            ...(await prepared(operation, server, request, '')),
            key,
          })
          expect(response.status).toBeLessThan(300)
          await documentedWithoutKeys.check(operation, response)
        }
      }
    },
  )
})

describe('as documented, a stream', () => {
  const chat = operation('chat')
  const body = { message: 'Show me some chairs', stream: true }

  it('that completes has every type of event that a chat interface can cause', async () => {
    const response = await send(chat, { ...(await startWithKey(talkative)), body })
    const types = documented.checkStream(String(await documented.check(chat, response)))
    expect(types.join(' ')).toBe(
      'turn.started function.called function.returned function.called function.returned function.called data ' +
        'text.delta turn.completed',
    )
  })

  it('that fails ends with the problem', async () => {
    const reply = async function* () {
      yield 'Here are '
      throw new Error('boom')
    }
    expect(await endOf(await send(chat, { ...(await startWithKey(reply)), body }))).toBe('turn.failed')
  })

  it('that is cancelled ends with the reason', async () => {
    const { reply, begun } = waitingChat()
    const server = await startWithKey(reply)
    const { sessions } = server.manager.ownedBy('me')
    const { sessionId } = await sessions.create()
    const response = await send(chat, { ...server, body: { ...body, session_id: sessionId } })
    await begun
    await sessions.delete(sessionId)
    expect(await endOf(response)).toBe('turn.cancelled')
  })

  it('whose lease runs out ends with what another process has made of it', async () => {
    const { server, begun, outlive } = await startWithLease()
    const response = await send(chat, { ...server, body })
    await begun
    await outlive()
    expect(await endOf(response)).toBe('turn.interrupted')
  })

  it('that is interrupted ends with the reason', async () => {
    const { reply, begun } = waitingChat()
    const server = await startWithKey(reply)
    const response = await send(chat, { ...server, body })
    await begun
    const closed = server.close({ grace: 0 })
    expect(await endOf(response)).toBe('turn.interrupted')
    await closed
  })

  it('whose chat interface is silent has comments that no reader takes for events', async () => {
    const { reply, begun, open } = waitingChat()
    const server = await startWithKey(reply, { serve: { keepAliveMs: 1 } })
    const response = await send(chat, { ...server, body })
    await begun
    const text = await textUntil(response, ': keep-alive\n\n', open)
    expect(documented.checkStream(text).at(-1)).toBe('turn.completed')
  })

  async function endOf(response: Response): Promise<string | undefined> {
    return documented.checkStream(String(await documented.check(chat, response))).at(-1)
  }
})

/** An example of a request, with a name for the test. */
interface RequestExample {
  readonly what: string
  readonly request: Omit<Sent, 'url'>
}

/** Every example of a request that an operation has: of its bodies, of its parameters, of what it may accept. */
function examplesOf(operation: Operation): RequestExample[] {
  const bodies = Object.entries(operation.bodies).map(([name, { value }]) => ({
    what: `its body "${name}"`,
    request: { body: value },
  }))
  const parameters = operation.parameters.flatMap((parameter) =>
    (parameter.schema.examples ?? []).map((value) => ({
      what: `its ${parameter.in} parameter ${parameter.name}=${String(value)}`,
      request: requestWith(parameter.in, parameter.name, String(value)),
    })),
  )
  const types = Object.keys(operation.answers['200']?.content ?? {}).map((type) => ({
    what: `a request that accepts ${type}`,
    request: { headers: { Accept: type } },
  }))
  return [{ what: 'a plain request', request: {} }, ...bodies, ...parameters, ...types]
}

function requestWith(place: string, name: string, value: string): Omit<Sent, 'url'> {
  if (place === 'query') return { query: `?${name}=${encodeURIComponent(value)}` }
  if (place === 'header') return { headers: { [name]: value } }
  return name === 'turn_id' ? { turnId: value } : { sessionId: value }
}

/**
 * Puts what really exists in the place of the ids and cursors of an example, which are nobody's, as the document says.
 * The session has two turns, so that its messages have a second page, and there is another session, so that the list of
 * them has. What is to be cancelled is running.
 */
async function prepared(
  operation: Operation,
  server: TestServer,
  request: Omit<Sent, 'url'>,
  owner = 'me',
): Promise<Sent> {
  const scope = server.manager.ownedBy(owner)
  await scope.sessions.create()
  const { sessionId } = await scope.sessions.create({ metadata: { channel: 'web', campaign: 'autumn' } })
  await (await scope.startTurn({ message: 'first', sessionId })).ended
  const isToStop = operation.name === 'cancelTurn'
  const turn = await scope.startTurn({ message: isToStop ? 'wait' : 'second', sessionId })
  const { turnId } = turn
  const lastSeq = isToStop ? 1 : (await turn.ended).seq
  const sent = { url: server.url, sessionId, turnId, ...request }
  const cursor = exampleOf('cursor')
  if (sent.sessionId === exampleOf('session_id')) sent.sessionId = sessionId
  if (sent.turnId === exampleOf('turn_id')) sent.turnId = turnId
  if (sent.headers?.['Last-Event-ID'] !== undefined) sent.headers = { 'Last-Event-ID': `${lastSeq}` }
  if (sent.body !== undefined) sent.body = replaced(sent.body, exampleOf('session_id'), sessionId)
  if (sent.query?.includes(encodeURIComponent(cursor)) === true) {
    const page = await send(operation, { ...sent, query: '?limit=1' })
    const { next_cursor } = (await page.json()) as { next_cursor: string }
    sent.query = sent.query.replace(encodeURIComponent(cursor), encodeURIComponent(next_cursor))
  }
  return sent
}

/** The example of a parameter of this name, which is the same wherever it is. */
function exampleOf(name: string): string {
  const parameters = documented.operations.flatMap(({ parameters }) => parameters)
  const examples = parameters.find((parameter) => parameter.name === name)?.schema.examples
  return String(examples?.[0])
}

function replaced(body: unknown, example: string, real: string): unknown {
  return JSON.parse(JSON.stringify(body).replaceAll(JSON.stringify(example), JSON.stringify(real)))
}

function operation(name: string, api: DocumentedApi = documented): Operation {
  const found = api.operations.find((operation) => operation.name === name)
  if (found === undefined) throw new Error(`The document has no operation ${name}.`)
  return found
}

/** Reads a stream until this text has come, then opens the gate, and reads the rest. */
async function textUntil(response: Response, text: string, open: () => void): Promise<string> {
  let received = ''
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    received += part
    if (received.includes(text)) open()
  }
  return received
}

/** The documents of a server with a key, and of one that wants none. */
async function readDocuments() {
  const read = async (options: Partial<Parameters<typeof serve>[0]>) => {
    const manager = createSessionManager({ store: createMemoryStore(), chat: talkative })
    const server = await serve({ manager, port: 0, host: '127.0.0.1', ...options })
    const api = await readDocumentedApi(server.url)
    await server.close({ grace: 0 })
    return api
  }
  return { documented: await read({ authenticate }), documentedWithoutKeys: await read({}) }
}
