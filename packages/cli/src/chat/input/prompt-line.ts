import type { Output } from '../../main-options.js'
import { inOneLine } from '../answer/in-one-line.js'
import { type DrawnInput, drawInput, rowAfterResize } from './draw-input.js'
import type { EditedText } from './edit-text.js'

/** The text that is being written, on the screen. */
export interface PromptLine {
  /** Draws it, in the place of what was drawn before, with a hint below. */
  draw(text: EditedText, hint?: string): void
  /** Takes it away; the cursor is where it began. */
  wipe(): void
  /** Leaves it as it is; the cursor goes to the line below. */
  leave(text: EditedText): void
  /** Draws it anew, after the screen got another size. */
  fit(text: EditedText, hint?: string): void
}

const usual = { columns: 80, rows: 24 }

/** Makes the line of a prompt on a terminal. */
export function createPromptLine(screen: Output, dimmed: (text: string) => string): PromptLine {
  let drawn: DrawnInput | undefined
  const size = () => ({ columns: screen.columns ?? usual.columns, rows: screen.rows ?? usual.rows })
  const toTop = (row: number) => `\r${row > 0 ? `\u001b[${row}A` : ''}\u001b[J`
  const wipe = () => {
    if (drawn !== undefined) screen.write(toTop(drawn.row))
    drawn = undefined
  }
  const draw: PromptLine['draw'] = (text, hint) => {
    const { columns, rows } = size()
    const below = hint === undefined ? [] : [dimmed(inOneLine(hint, columns - 1))]
    const next = drawInput(text, { columns, rows: rows - below.length })
    const lines = [...next.rows, ...below]
    const up = lines.length - 1 - next.row
    screen.write(
      `${drawn === undefined ? '\r' : toTop(drawn.row)}${lines.join('\r\n')}` +
        `${up > 0 ? `\u001b[${up}A` : ''}\r${next.column > 0 ? `\u001b[${next.column}C` : ''}`,
    )
    drawn = next
  }
  return {
    draw,
    wipe,
    leave(text) {
      draw({ ...text, cursor: text.text.length })
      screen.write('\r\n')
      drawn = undefined
    },
    fit(text, hint) {
      if (drawn === undefined) return
      drawn = { ...drawn, row: rowAfterResize(drawn, size().columns) }
      draw(text, hint)
    },
  }
}
