import type { TurnEvent } from '@colloquy/client'
import type { ChatScreen } from '../chat-screen.js'
import { callLine, type ShownCall } from './call-line.js'
import { describeEnd, type TurnEnd } from './describe-end.js'

/** Shows the events of a turn. */
export interface AnswerView {
  /** Shows one. Returns how the turn ended when it is the last, after its line has ended. */
  take(event: TurnEvent): TurnEnd | undefined
}

/** How to show an answer. */
export interface AnswerViewOptions {
  /** Whether function calls and places in the line are shown. */
  readonly showsCalls: boolean
  /** Milliseconds of a clock that never goes back. Default: the machine's. */
  readonly now?: () => number
}

/** A call that has not returned, and when it began. */
interface OpenCall {
  readonly call: ShownCall
  readonly begun: number
}

/** Shows an answer on a screen as it comes; a function call in one line, once it is known how it ended. */
export function createAnswerView(
  screen: ChatScreen,
  { showsCalls, now = () => performance.now() }: AnswerViewOptions,
): AnswerView {
  const open = new Map<string, OpenCall>()
  const lineOf = (call: ShownCall) => callLine(call, screen.columns() - 1)
  const showOpen = () => {
    const [last] = Array.from(open.values()).slice(-1)
    if (showsCalls) screen.status(last && lineOf(last.call))
  }
  const close = (returned: ShownCall) => {
    const opened = open.get(returned.call_id)
    open.delete(returned.call_id)
    const ms = opened && now() - opened.begun
    if (showsCalls) screen.note(lineOf({ ...opened?.call, ...returned, ms }))
  }
  return {
    take(event) {
      switch (event.type) {
        case 'turn.queued':
          if (showsCalls) tellPlace(screen, event.data.position)
          return undefined
        case 'text.delta':
          screen.say(event.data.text)
          showOpen()
          return undefined
        case 'function.called':
          open.set(event.data.call_id, { call: event.data, begun: now() })
          showOpen()
          return undefined
        case 'function.returned': {
          const { call_id } = event.data
          close({ arguments: open.get(call_id)?.call.arguments ?? null, ...event.data })
          showOpen()
          return undefined
        }
        case 'turn.started':
        case 'data':
          return undefined
        case 'turn.completed':
        case 'turn.failed':
        case 'turn.cancelled':
        case 'turn.interrupted':
          screen.endLine()
          for (const { call } of open.values()) if (showsCalls) screen.note(lineOf(call))
          open.clear()
          return describeEnd(event)
        default:
          return event satisfies never
      }
    },
  }
}

/** Once a line where it can't be taken away. */
function tellPlace(screen: ChatScreen, position: number): void {
  const ahead =
    position === 1 ? 'Another message is answered first.' : `${position} messages are answered first.`
  if (screen.hasStatus) screen.status(ahead)
  else screen.note(ahead)
}
