import type { ClientApp } from '@agentclientprotocol/sdk'
import { readTextFile, writeTextFile } from './agent-files.js'
import type { AgentTurn } from './agent-turn.js'
import type { Sdk } from './import-sdk.js'
import type { AcpSettings } from './read-options.js'
import { RequestError } from './request-error.js'
import type { Terminal } from './terminal.js'

/** Answers what agents ask for, and hears what they tell, each for the turn of the session that it names. */
export function answerAgent(
  settings: AcpSettings,
  turns: ReadonlyMap<string, AgentTurn>,
  sdk: Sdk,
): ClientApp {
  const app = sdk.client({ name: settings.name })
  const inItsWords = wordsOf(sdk)
  app.onNotification('session/update', ({ params }) => turns.get(params.sessionId)?.update(params.update))
  app.onRequest('session/request_permission', ({ params }) => ({
    outcome: turns.get(params.sessionId)?.decide(params) ?? { outcome: 'cancelled' },
  }))
  answerFiles(app, settings, turns, inItsWords)
  answerTerminals(app, settings, turns, inItsWords)
  return app
}

/** Does what an agent asks for; a refusal is told in the words of the library. */
type InItsWords = <Result>(work: () => Result | Promise<Result>) => Promise<Result>

function wordsOf(sdk: Sdk): InItsWords {
  return async (work) => {
    try {
      return await work()
    } catch (error) {
      throw error instanceof RequestError ? new sdk.RequestError(error.code, error.message) : error
    }
  }
}

function answerFiles(
  app: ClientApp,
  { files }: AcpSettings,
  turns: ReadonlyMap<string, AgentTurn>,
  inItsWords: InItsWords,
): void {
  app.onRequest('fs/read_text_file', ({ params }) =>
    inItsWords(() => {
      if (files === undefined) throw RequestError.methodNotFound('fs/read_text_file')
      turnOf(params, turns)
      return readTextFile(params, files)
    }),
  )
  app.onRequest('fs/write_text_file', ({ params }) =>
    inItsWords(async () => {
      if (files?.write !== true) throw RequestError.methodNotFound('fs/write_text_file')
      turnOf(params, turns)
      await writeTextFile(params, files)
      return {}
    }),
  )
}

function answerTerminals(
  app: ClientApp,
  settings: AcpSettings,
  turns: ReadonlyMap<string, AgentTurn>,
  inItsWords: InItsWords,
): void {
  const terminalOf = (params: { readonly sessionId: string; readonly terminalId: string }): Terminal =>
    turnOf(params, turns).terminals.get(params.terminalId)
  app.onRequest('terminal/create', ({ params }) =>
    inItsWords(async () => {
      if (settings.terminals === undefined) throw RequestError.methodNotFound('terminal/create')
      return { terminalId: await turnOf(params, turns).terminals.create(params) }
    }),
  )
  app.onRequest('terminal/output', ({ params }) => inItsWords(() => terminalOf(params).output()))
  app.onRequest('terminal/wait_for_exit', ({ params }) => inItsWords(() => terminalOf(params).exited))
  app.onRequest('terminal/kill', ({ params }) =>
    inItsWords(async () => {
      await terminalOf(params).end()
      return {}
    }),
  )
  app.onRequest('terminal/release', ({ params }) =>
    inItsWords(() => {
      turnOf(params, turns).terminals.release(params.terminalId)
      return {}
    }),
  )
}

/** @throws RequestError where no prompt is being answered: nothing is done for an agent that works on by itself */
function turnOf(
  { sessionId }: { readonly sessionId: string },
  turns: ReadonlyMap<string, AgentTurn>,
): AgentTurn {
  const turn = turns.get(sessionId)
  if (turn === undefined) throw RequestError.invalidRequest('no prompt is being answered in this session')
  turn.begin()
  return turn
}
