import type { ChatContext, FunctionCall, HistoryMessage } from '@colloquy/session'

/** The line that asks a program to answer a message. The order of the fields is promised: scripts take it apart. */
export function turnLine(message: string, { turnId, state, session, history, trace }: ChatContext): object {
  return {
    type: 'turn',
    turn_id: turnId,
    message,
    state,
    session: { id: session.id, metadata: session.metadata },
    history: history.map(toWire),
    trace,
  }
}

function toWire({ role, content, functionsCalled }: HistoryMessage): object {
  return { role, content, functions_called: functionsCalled?.map(callToWire) }
}

function callToWire(call: FunctionCall): object {
  return {
    call_id: call.callId,
    name: call.name,
    arguments: call.arguments,
    result: call.result,
    error: call.error,
  }
}
