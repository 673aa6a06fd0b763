import type { Environment, Output } from '../main-options.js'
import { dim, hasColours } from '../output/colours.js'
import { printable } from '../output/printable.js'
import { inOneLine } from './answer/in-one-line.js'
import { createWordWrap, wrapped } from './answer/word-wrap.js'
import { canMoveCursor } from './can-move-cursor.js'

/** Where a chat is shown. */
export interface ChatScreen {
  /** Writes a piece of an answer. */
  say(text: string): void
  /** Ends the line that an answer has begun. */
  endLine(): void
  /** Writes lines beside the answers, which are no part of them: dim, in the width of the screen. */
  readonly note: (text: string) => void
  /** Leaves a line free on a terminal, so that exchanges can be told from each other. */
  gap(): void
  /** Writes what went wrong. */
  fault(text: string): void
  /** Shows a line that is gone with whatever comes next; undefined takes it away. Only where the cursor can be moved. */
  status(text: string | undefined): void
  /** Whether `status` shows anything. */
  readonly hasStatus: boolean
  /** How wide lines may be. */
  columns(): number
}

/** Where a chat writes. */
export interface ScreenOutputs {
  /** Gets the answers. */
  readonly stdout: Output
  /** Gets the rest, unless only stdout is a terminal. */
  readonly stderr: Output
  readonly env: Environment
}

const usualColumns = 80

/** Makes the screen of a chat. What is no terminal gets the answers as they are. */
export function createChatScreen({ stdout, stderr, env }: ScreenOutputs): ChatScreen {
  const aside = stdout.isTTY === true && stderr.isTTY !== true ? stdout : stderr
  const colours = hasColours(aside, env)
  const canMove = canMoveCursor(stdout, env)
  const columns = () => stdout.columns ?? stderr.columns ?? usualColumns
  const wrap = createWordWrap(columns)
  let isInLine = false
  let below: 'nothing' | 'in line' | 'in next line' = 'nothing'

  const wipe = () => {
    if (below === 'nothing') return
    // From the line below, back to where the answer stopped.
    const back = below === 'in line' ? '' : `\u001b[A\u001b[${wrap.column()}C`
    stdout.write(`\r\u001b[K${back}`)
    below = 'nothing'
  }
  const endLine = () => {
    wipe()
    if (isInLine) stdout.write('\n')
    isInLine = false
    wrap.reset()
  }
  const writeLines = (text: string, isDim: boolean) => {
    endLine()
    const shown = printable(text)
    const lines = canMoveCursor(aside, env) ? wrapped(shown, columns()) : shown
    aside.write(`${dim(lines, isDim && colours)}\n`)
  }
  return {
    hasStatus: canMove,
    columns,
    endLine,
    say(text) {
      wipe()
      if (text === '') return
      const shown = stdout.isTTY ? printable(text) : text
      stdout.write(canMove ? wrap.push(shown) : shown)
      isInLine = !text.endsWith('\n')
    },
    gap() {
      endLine()
      if (stdout.isTTY) stdout.write('\n')
    },
    note: (text) => writeLines(text, true),
    fault: (text) => writeLines(text, false),
    status(text) {
      wipe()
      if (text === undefined || !canMove) return
      below = isInLine ? 'in next line' : 'in line'
      const line = dim(inOneLine(text, columns() - 1), hasColours(stdout, env))
      stdout.write(`${isInLine ? '\n' : ''}${line}`)
    },
  }
}
