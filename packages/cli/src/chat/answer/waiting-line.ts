import type { ChatScreen } from '../chat-screen.js'

/** A line that shows that something is waited for. */
export interface WaitingLine {
  /** Shows it until the end; with a text, that instead of dots. */
  begin(text?: string): void
  end(): void
}

const dots = ['.', '..', '...']

/** How long each is shown, in milliseconds. */
const frameMs = 400

/**
 * Makes a line of dots that move, where a screen has such lines.
 *
 * @param every calls something again and again, so many milliseconds apart, until what it returns is called
 */
export function createWaitingLine(screen: ChatScreen, every = everyByTimer): WaitingLine {
  let stop: (() => void) | undefined
  const end = () => {
    if (stop === undefined) return
    stop()
    stop = undefined
    screen.status(undefined)
  }
  return {
    end,
    begin(text) {
      end()
      if (!screen.hasStatus) return
      let frame = 0
      const show = () => screen.status(text ?? dots[frame++ % dots.length])
      show()
      stop = text === undefined ? every(frameMs, show) : () => undefined
    },
  }
}

function everyByTimer(ms: number, then: () => void): () => void {
  const timer = setInterval(then, ms)
  return () => clearInterval(timer)
}
