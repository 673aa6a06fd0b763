import type { FunctionCall, TurnEvent, TurnStream } from '@colloquy/client'
import type { Environment, Output } from '../main-options.js'
import { dim, hasColours } from '../output/colours.js'
import { printable } from '../output/printable.js'

/** Where an answer is printed. */
export interface AnswerOutputs {
  /** Gets the text. */
  readonly stdout: Output
  /** Gets everything else. */
  readonly stderr: Output
  readonly env: Environment
  /** Whether function calls are shown. */
  readonly showsCalls: boolean
}

/** Prints answers as they come. */
export interface AnswerPrinter {
  /** Prints one, to the end of its line. Resolves with undefined when it was whole, and else with what went wrong. */
  print(stream: TurnStream): Promise<string | undefined>
  /** Ends the line that an answer has begun. */
  endLine(): void
}

/** The longest line about a function call. */
const longestCall = 100

/** Makes a printer; it remembers whether a line was begun. */
export function createAnswerPrinter({ stdout, stderr, env, showsCalls }: AnswerOutputs): AnswerPrinter {
  let isInLine = false
  const write = (text: string) => {
    if (text === '') return
    stdout.write(stdout.isTTY ? printable(text) : text)
    isInLine = !text.endsWith('\n')
  }
  const endLine = () => {
    if (isInLine) write('\n')
  }
  const note = (text: string) => {
    if (!showsCalls) return
    endLine()
    const line = printable(text).replaceAll(/[\n\t]+/g, ' ')
    const shown = line.length > longestCall ? `${line.slice(0, longestCall)}…` : line
    stderr.write(`${dim(shown, hasColours(stderr, env))}\n`)
  }
  return {
    endLine,
    async print(stream) {
      for await (const event of stream) {
        const end = take(event, { write, note })
        if (end === undefined) continue
        if (end.isEmpty) stdout.write('\n')
        endLine()
        return end.fault
      }
      return undefined // not reached: a stream without a last event throws
    },
  }
}

interface End {
  readonly fault?: string
  /** Whether the answer was whole, and without any text: it still is a line. */
  readonly isEmpty?: boolean
}

/** Handles an event; returns something for the last one. */
function take(
  event: TurnEvent,
  { write, note }: { readonly write: (text: string) => void; readonly note: (text: string) => void },
): End | undefined {
  switch (event.type) {
    case 'text.delta':
      write(event.data.text)
      return undefined
    case 'function.called':
      note(`· ${callText(event.data)}`)
      return undefined
    case 'function.returned':
      if (event.data.error !== undefined) note(`· ${event.data.name} failed: ${event.data.error}`)
      return undefined
    case 'turn.queued':
    case 'turn.started':
    case 'data':
      return undefined
    case 'turn.completed':
      return { isEmpty: event.data.content === '' }
    case 'turn.failed':
      return { fault: printable(event.data.detail) }
    case 'turn.cancelled':
      return { fault: `The answer was stopped (${printable(event.data.reason)}).` }
    case 'turn.interrupted':
      return { fault: `The answer was interrupted (${printable(event.data.reason)}). Ask again.` }
    default:
      return event satisfies never
  }
}

function callText({ name, arguments: given }: Pick<FunctionCall, 'name' | 'arguments'>): string {
  return `${name}(${JSON.stringify(given)})`
}
