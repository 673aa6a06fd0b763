import { type ClientApp, client, RequestError } from '@agentclientprotocol/sdk'
import { readTextFile, writeTextFile } from './agent-files.js'
import type { AgentTurn } from './agent-turn.js'
import type { AcpSettings } from './read-options.js'
import type { Terminal } from './terminal.js'

/** Answers what agents ask for, and hears what they tell, each for the turn of the session that it names. */
export function answerAgent(settings: AcpSettings, turns: ReadonlyMap<string, AgentTurn>): ClientApp {
  const app = client({ name: settings.name })
  app.onNotification('session/update', ({ params }) => turns.get(params.sessionId)?.update(params.update))
  app.onRequest('session/request_permission', ({ params }) => ({
    outcome: turns.get(params.sessionId)?.decide(params) ?? { outcome: 'cancelled' },
  }))
  answerFiles(app, settings, turns)
  answerTerminals(app, settings, turns)
  return app
}

function answerFiles(app: ClientApp, { files }: AcpSettings, turns: ReadonlyMap<string, AgentTurn>): void {
  app.onRequest('fs/read_text_file', ({ params }) => {
    if (files === undefined) throw RequestError.methodNotFound('fs/read_text_file')
    turnOf(params, turns)
    return readTextFile(params, files)
  })
  app.onRequest('fs/write_text_file', async ({ params }) => {
    if (files?.write !== true) throw RequestError.methodNotFound('fs/write_text_file')
    turnOf(params, turns)
    await writeTextFile(params, files)
    return {}
  })
}

function answerTerminals(app: ClientApp, settings: AcpSettings, turns: ReadonlyMap<string, AgentTurn>): void {
  const terminalOf = (params: { readonly sessionId: string; readonly terminalId: string }): Terminal =>
    turnOf(params, turns).terminals.get(params.terminalId)
  app.onRequest('terminal/create', async ({ params }) => {
    if (settings.terminals === undefined) throw RequestError.methodNotFound('terminal/create')
    return { terminalId: await turnOf(params, turns).terminals.create(params) }
  })
  app.onRequest('terminal/output', ({ params }) => terminalOf(params).output())
  app.onRequest('terminal/wait_for_exit', ({ params }) => terminalOf(params).exited)
  app.onRequest('terminal/kill', async ({ params }) => {
    await terminalOf(params).end()
    return {}
  })
  app.onRequest('terminal/release', ({ params }) => {
    turnOf(params, turns).terminals.release(params.terminalId)
    return {}
  })
}

/** @throws RequestError where no prompt is being answered: nothing is done for an agent that works on by itself */
function turnOf(
  { sessionId }: { readonly sessionId: string },
  turns: ReadonlyMap<string, AgentTurn>,
): AgentTurn {
  const turn = turns.get(sessionId)
  if (turn === undefined)
    throw RequestError.invalidRequest(undefined, 'no prompt is being answered in this session')
  turn.begin()
  return turn
}
