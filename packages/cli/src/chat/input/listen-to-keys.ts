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
  onKey(character: string | undefined, key: Key): void
  /** No more keys come. */
  onEnd(): void
  onResize(): void
}

/** A terminal marks what is pasted, while it is asked to. */
const marksPaste = '\u001b[?2004h'
const marksNoPaste = '\u001b[?2004l'

/**
 * Takes every key of a terminal, which shows none of them itself meanwhile.
 *
 * @returns what gives the terminal back as it was
 */
export function listenToKeys(
  { stdin, screen, process }: Keyboard,
  { onKey, onEnd, onResize }: KeyListeners,
): () => void {
  let isTaken = true
  const onInterrupt = () => onKey(undefined, { name: 'c', ctrl: true })
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
  stdin.setRawMode?.(true)
  stdin.resume()
  screen.write(marksPaste)
  return () => {
    giveBack()
    stdin.off('keypress', onKey)
    stdin.off('end', onEnd)
    stdin.off('error', onEnd)
    screen.off('resize', onResize)
    process?.off('SIGINT', onInterrupt)
    process?.off('SIGTERM', onEnd)
    process?.off('exit', giveBack)
    stdin.pause()
  }
}
