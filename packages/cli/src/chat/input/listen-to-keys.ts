import { platform } from 'node:process'
import { emitKeypressEvents } from 'node:readline'
import type { Input, Output, ProcessHooks } from '../../main-options.js'
import type { Key } from './edit-text.js'

/** Where keys come from. */
export interface Keyboard {
  readonly stdin: Input
  readonly screen: Output
  /** Whose SIGINT is a Ctrl-C, and SIGTERM the end. Default: nobody's. */
  readonly process?: ProcessHooks | undefined
}

/** Who is told of them. */
export interface KeyListeners {
  readonly onKey: (character: string | undefined, key: Key) => void
  /** No more keys come. */
  readonly onEnd: () => void
  readonly onResize: () => void
  /** The process goes on after it was suspended. */
  readonly onResume: () => void
}

/** A terminal marks what is pasted, while it is asked to. */
const marksPaste = '\u001b[?2004h'
const marksNoPaste = '\u001b[?2004l'

/** A terminal whose keys are taken. */
export interface TakenKeys {
  /** Gives the terminal back as it was. */
  release(): void
  /** Gives it back, and stops the process until it is told to go on; then it is asked to draw anew. */
  suspend(): void
}

/** Takes every key of a terminal, which shows none of them itself meanwhile. */
export function listenToKeys(
  { stdin, screen, process }: Keyboard,
  { onKey, onEnd, onResize, onResume }: KeyListeners,
): TakenKeys {
  let isTaken = false
  const onInterrupt = () => onKey(undefined, { name: 'c', ctrl: true })
  const take = () => {
    isTaken = true
    stdin.setRawMode?.(true)
    screen.write(marksPaste)
  }
  const giveBack = () => {
    if (!isTaken) return
    isTaken = false
    screen.write(marksNoPaste)
    stdin.setRawMode?.(false)
  }
  emitKeypressEvents(stdin)
  stdin.on('keypress', onKey)
  stdin.on('end', onEnd)
  stdin.on('error', onEnd)
  screen.on('resize', onResize)
  process?.on('SIGINT', onInterrupt)
  process?.on('SIGTERM', onEnd)
  process?.on('exit', giveBack)
  take()
  stdin.resume()
  return {
    release() {
      giveBack()
      stdin.off('keypress', onKey)
      stdin.off('end', onEnd)
      stdin.off('error', onEnd)
      screen.off('resize', onResize)
      process?.off('SIGINT', onInterrupt)
      process?.off('SIGTERM', onEnd)
      process?.off('exit', giveBack)
      stdin.pause()
    },
    suspend() {
      if (process?.kill === undefined || process.pid === undefined || platform === 'win32') return
      const { pid } = process
      const goOn = () => {
        process.off('SIGCONT', goOn)
        take()
        onResume()
      }
      process.on('SIGCONT', goOn)
      giveBack()
      process.kill(pid, 'SIGTSTP')
    },
  }
}
