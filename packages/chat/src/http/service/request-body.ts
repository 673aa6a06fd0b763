import type { ChatContext, FunctionCall, HistoryMessage } from '@colloquy/session'

/** What a service is asked, as JSON text: docs/http-backends.md, "The request". */
export function requestBody(message: string, { turnId, session, history, state }: ChatContext): string {
  return JSON.stringify({
    turn_id: turnId,
    session: { id: session.id, metadata: session.metadata },
    message,
    history: history.map(toWire),
    state,
  })
}

function toWire({ role, content, functionsCalled }: HistoryMessage): object {
  if (functionsCalled === undefined) return { role, content }
  return { role, content, functions_called: functionsCalled.map(callToWire) }
}

function callToWire({ callId, name, arguments: args, result, error }: FunctionCall): object {
  return { call_id: callId, name, arguments: args, result, error } // JSON leaves out what is undefined
}
