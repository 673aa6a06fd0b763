/**
 * An agent made with the agent side of the protocol's library, for tests: a program of its own. A prompt that is a JSON array is a
 * list of steps, done one after the other; any other is answered with what it says. How it is otherwise is told by its argument.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { type AgentContext, agent, ndJsonStream, RequestError } from '@agentclientprotocol/sdk'

/** How the agent is. */
export interface ScriptedAgent {
  readonly version?: number
  /** The error that it answers the handshake with. */
  readonly refusal?: number
  /** Whether it never answers the handshake. */
  readonly isMute?: boolean
  /** Whether it does not end by SIGTERM. */
  readonly isDeaf?: boolean
  readonly canLoad?: boolean
  readonly canResume?: boolean
  readonly canClose?: boolean
  /** Where it keeps its sessions. Default: in memory only. */
  readonly folder?: string
  /** A file to which it adds a line for each session that it makes, brings back or closes. */
  readonly journal?: string
  /** The only method by which it can be authenticated, and without which it does nothing. */
  readonly auth?: string
  /** The id of all its sessions. */
  readonly onlyId?: string
  /** Ends before the handshake, with this code. */
  readonly exit?: number
  readonly stderr?: string
}

/** What it does in a prompt. */
export type Step =
  | { readonly say: string }
  | { readonly update: object }
  /** Asks for something, and says what came of it; `later`: not before it is told to, in whichever session. */
  | { readonly ask: string; readonly params: object; readonly later?: boolean }
  /** Runs a program in a terminal, and says what came of it. */
  | { readonly terminal: object & { readonly kill?: boolean } }
  | { readonly waitForFile: string }
  /** Says what was said in this session, and the number of this process. */
  | { readonly recall: true }
  | { readonly doLater: true }
  /** Lets new sessions wait, or not any more. */
  | { readonly door: 'open' | 'shut' }
  /** Forgets a session. */
  | { readonly forget: string }
  /** Writes as it is, but for the id of the session. */
  | { readonly raw: string }
  | { readonly flood: number; readonly size: number }
  | { readonly exit: number }
  | { readonly endless: 'cancellable' | 'deaf' | 'silent' }
  /** Says it only when it was cancelled, and asks for permission then. */
  | { readonly whenCancelled: string }
  | { readonly fail: number; readonly message: string }
  | { readonly stop: string; readonly usage?: object }
  | { readonly stderr: string }

const config = JSON.parse(process.argv[2] ?? '{}') as ScriptedAgent
const sessions = new Map<string, { said: string[]; cancelled: boolean; wake: () => void }>()
/** What came of the permission that it asked for when it was cancelled. */
let later = ''
let place = {}
let meta: unknown
/** What new sessions wait for. */
let opened = Promise.resolve()
let open = () => {}
let doLater: () => Promise<string> = async () => ''
let isAuthenticated = config.auth === undefined
let count = 0

const tick = () => new Promise((resolve) => setImmediate(resolve))
const fileOf = (id: string) => join(config.folder ?? '', `${id}.json`)
const note = (line: string) => config.journal && appendFileSync(config.journal, `${line}\n`)

function sessionOf(id: string) {
  const session = sessions.get(id)
  if (session === undefined) throw RequestError.sessionNotFound(id)
  return session
}

function authenticated() {
  if (!isAuthenticated) throw RequestError.authRequired()
}

function bringBack(id: string): void {
  authenticated()
  if (config.folder === undefined || !existsSync(fileOf(id))) throw RequestError.sessionNotFound(id)
  const said = JSON.parse(readFileSync(fileOf(id), 'utf8')) as string[]
  sessions.set(id, { said, cancelled: false, wake: () => {} })
}

async function outcomeOf(client: AgentContext, method: string, params: object): Promise<string> {
  try {
    return JSON.stringify(await client.request(method, params))
  } catch (error) {
    return `error ${(error as RequestError).code}: ${(error as RequestError).message}`
  }
}

async function perform(step: Step, sessionId: string, client: AgentContext) {
  const session = sessionOf(sessionId)
  const update = (body: object) => client.notify('session/update', { sessionId, update: body })
  const say = (text: string) =>
    update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } })
  if ('say' in step) await say(step.say)
  else if ('update' in step) await update(step.update)
  else if ('recall' in step)
    await say(JSON.stringify({ pid: process.pid, said: session.said, later, place, meta }))
  else if ('door' in step) {
    open()
    if (step.door === 'shut') opened = new Promise((resolve) => (open = resolve))
  } else if ('forget' in step) sessions.delete(step.forget)
  else if ('doLater' in step) await say(await doLater())
  else if ('terminal' in step) await say(await runTerminal(step.terminal, sessionId, client))
  else if ('waitForFile' in step) while (!existsSync(step.waitForFile)) await tick()
  else if ('raw' in step)
    await new Promise<void>((done) =>
      process.stdout.write(step.raw.replace('$SESSION', sessionId), () => done()),
    )
  else if ('stderr' in step) process.stderr.write(`${step.stderr}\n`)
  else if ('exit' in step) process.exit(step.exit)
  else if ('fail' in step) throw new RequestError(step.fail, step.message)
  else if ('stop' in step) return { stopReason: step.stop, usage: step.usage }
  else if ('flood' in step) for (let n = 0; n < step.flood; n += 1) await say('x'.repeat(step.size))
  else if ('ask' in step) {
    const asked = () => outcomeOf(client, step.ask, { sessionId, ...step.params })
    if (step.later) doLater = asked
    else await say(await asked())
  } else if ('endless' in step) {
    if (step.endless === 'silent' && !session.cancelled)
      await new Promise<void>((wake) => (session.wake = wake))
    for (let n = 0; step.endless === 'deaf' || !session.cancelled; n += 1) {
      await say(`${n} `)
      await tick()
    }
  } else if ('whenCancelled' in step) {
    while (!session.cancelled) await tick()
    later = await outcomeOf(client, 'session/request_permission', {
      sessionId,
      toolCall: { toolCallId: 'late', kind: 'read' },
      options: [{ optionId: 'yes', name: 'Yes', kind: 'allow_once' }],
    })
    await say(step.whenCancelled)
  }
  return undefined
}

/** What a program gives that runs in a terminal; one that is to be ended is, when it has given something. */
async function runTerminal(
  { kill, ...program }: { readonly kill?: boolean },
  sessionId: string,
  client: AgentContext,
): Promise<string> {
  const terminal = await client.createTerminal({ ...(program as { command: string }), sessionId })
  if (kill) {
    while ((await terminal.currentOutput()).output === '') await tick()
    await terminal.kill()
  }
  await terminal.waitForExit()
  const outcome = JSON.stringify(await terminal.currentOutput())
  await terminal.release()
  return outcome
}

function stepsOf(text: string): Step[] {
  return text.startsWith('[') ? (JSON.parse(text) as Step[]) : [{ say: `You said: ${text}` }]
}

const app = agent({ name: 'scripted' })
  .onRequest('initialize', async () => {
    if (config.refusal !== undefined) throw new RequestError(config.refusal, 'secret')
    if (config.isMute) await new Promise(() => {})
    const { canLoad, canResume, canClose, auth, version = 1 } = config
    return {
      protocolVersion: version,
      agentCapabilities: {
        loadSession: canLoad === true,
        sessionCapabilities: { ...(canResume ? { resume: {} } : {}), ...(canClose ? { close: {} } : {}) },
      },
      authMethods: auth === undefined ? [] : [{ id: auth, name: 'A key' }],
    }
  })
  .onRequest('authenticate', ({ params }) => {
    if (params.methodId !== config.auth) throw RequestError.invalidParams()
    isAuthenticated = true
    return {}
  })
  .onRequest('session/new', async ({ params: { cwd, mcpServers } }) => {
    authenticated()
    await opened
    place = { process: process.cwd(), cwd, mcpServers }
    const sessionId = config.onlyId ?? `s${process.pid}-${(count += 1)}`
    sessions.set(sessionId, { said: [], cancelled: false, wake: () => {} })
    note(`new ${sessionId}`)
    return { sessionId }
  })
  .onRequest('session/load', async ({ params, client }) => {
    const { sessionId } = params
    bringBack(sessionId)
    note(`load ${sessionId}`)
    for (const text of sessionOf(sessionId).said) {
      const content = { type: 'text' as const, text }
      await client.notify('session/update', {
        sessionId,
        update: { sessionUpdate: 'user_message_chunk', content },
      })
      await client.notify('session/update', {
        sessionId,
        update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'REPLAYED' } },
      })
    }
    return {}
  })
  .onRequest('session/resume', ({ params }) => {
    bringBack(params.sessionId)
    note(`resume ${params.sessionId}`)
    return {}
  })
  .onRequest('session/close', ({ params }) => {
    sessions.delete(params.sessionId)
    note(`close ${params.sessionId}`)
    return {}
  })
  .onNotification('session/cancel', ({ params }) => {
    const session = sessionOf(params.sessionId)
    session.cancelled = true
    session.wake()
    note(`cancel ${params.sessionId}`)
  })
  .onRequest('session/prompt', async ({ params, client }) => {
    const { sessionId } = params
    const session = sessionOf(sessionId)
    meta = { ...params }['_meta']
    session.cancelled = false
    const texts = params.prompt.map((block) => (block.type === 'text' ? block.text : ''))
    session.said.push(...texts)
    if (config.folder !== undefined) writeFileSync(fileOf(sessionId), JSON.stringify(session.said))
    for (const step of stepsOf(texts.at(-1) ?? '')) {
      const end = await perform(step, sessionId, client)
      if (end !== undefined) return end as { stopReason: 'end_turn' }
    }
    return { stopReason: session.cancelled ? 'cancelled' : 'end_turn' }
  })

if (config.stderr !== undefined) process.stderr.write(`${config.stderr}\n`)
if (config.isDeaf) {
  process.on('SIGTERM', () => {})
  setInterval(() => {}, 1_000)
}
if (config.exit === undefined) {
  app.connect(
    ndJsonStream(
      Writable.toWeb(process.stdout) as WritableStream<Uint8Array>,
      Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>,
    ),
  )
} else process.exitCode = config.exit
