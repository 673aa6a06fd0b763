import { dim, hasColours } from '../../output/colours.js'
import { type Key, nameOf, withText } from './edit-text.js'
import { listenToKeys } from './listen-to-keys.js'
import { leavingHint, type MessageSource, type ReadOptions, type SourceParts } from './message-source.js'
import { createPromptLine } from './prompt-line.js'
import { recallOf } from './recall.js'
import { nothingTyped, sharedBeginning, type Typed, typeKey } from './typed-text.js'

/** So many keys are kept that are pressed while nothing is asked for. */
const mostAhead = 10_000

/**
 * Messages that are typed on a terminal, of one line or of several. What is typed ahead, while nothing is asked for, waits
 * for the next question.
 */
export function createInputEditor(parts: SourceParts): MessageSource {
  const ahead: (readonly [character: string | undefined, key: Key])[] = []
  const takeAhead = () => {
    while (question.isReady()) {
      const next = ahead.shift()
      if (next === undefined) return
      question.take(...next)
    }
  }
  const question = createQuestion(parts, takeAhead)
  let isOpen = true
  const keys = listenToKeys(parts, {
    onKey(character, key) {
      const name = nameOf(key)
      if (name === 'ctrl-z') keys.suspend()
      else if (question.isReady()) question.take(character, key)
      else if (name === 'ctrl-c' && !question.isAsked()) {
        ahead.length = 0
        parts.interrupt()
      } else if (name === 'ctrl-d' && ahead.length === 0 && !question.isAsked()) parts.leave()
      else if (ahead.length < mostAhead) ahead.push([character, key])
    },
    onEnd() {
      isOpen = false
      if (question.isAsked()) question.answer(undefined)
      else parts.leave()
    },
    onResize: question.fit,
    onResume: question.redraw,
  })
  return {
    async read(options) {
      if (!isOpen) return undefined
      const answered = question.ask(options)
      takeAhead()
      return answered
    },
    hasRecall: true,
    recall: question.recall,
    writeAbove: question.writeAbove,
    close() {
      isOpen = false
      keys.release()
    },
  }
}

/**
 * The text that is being typed, from the question to its answer.
 *
 * @param onReady is called when keys can be taken again
 */
function createQuestion({ screen, env, complete }: SourceParts, onReady: () => void) {
  const line = createPromptLine(screen, (text) => dim(text, hasColours(screen, env)))
  let typed = nothingTyped
  let hint: string | undefined
  let isCompleting = false
  let asked: ((message: string | undefined) => void) | undefined
  const shownHint = () => (typed.isArmed ? leavingHint : hint)
  const draw = () => line.draw(typed.edited, shownHint())
  const answer = (message: string | undefined) => {
    line.leave(typed.edited)
    const resolve = asked
    asked = undefined
    resolve?.(message)
  }
  const tryToComplete = async () => {
    const before = typed.edited
    if (before.cursor !== before.text.length) return
    isCompleting = true
    const lines = await complete(before.text)
    isCompleting = false
    if (asked === undefined) return
    const shared = sharedBeginning(lines)
    if (lines.length === 1 || shared.length > before.text.length)
      typed = { ...typed, edited: withText(before, lines.length === 1 ? `${shared} ` : shared) }
    else if (lines.length > 1) hint = lines.join('  ')
    draw()
    onReady()
  }
  const act = (result: Typed): void => {
    switch (result.does) {
      case 'type':
        typed = result.typed
        if (typed.pasted === null) draw() // what is pasted is drawn once, at its end
        return
      case 'send':
        answer(result.message)
        typed = result.typed
        return
      case 'leave':
        return answer(undefined)
      case 'complete':
        return void tryToComplete()
      case 'clear screen':
        line.wipe()
        screen.write('\u001b[2J\u001b[H')
        return draw()
      default:
        result satisfies never
    }
  }
  return {
    isAsked: () => asked !== undefined,
    /** Whether a key can be taken now: not while it is looked up what a line could become. */
    isReady: () => asked !== undefined && !isCompleting,
    answer,
    async ask({ text = '', isArmed = false }: ReadOptions = {}) {
      typed = { ...typed, edited: withText(typed.edited, text), isArmed, pasted: null }
      hint = undefined
      const answered = new Promise<string | undefined>((resolve) => {
        asked = resolve
      })
      draw()
      return answered
    },
    take(character: string | undefined, key: Key) {
      hint = undefined
      act(typeKey(typed, key, character))
    },
    recall: (texts: readonly string[]) => {
      typed = { ...typed, recall: recallOf(texts) }
    },
    fit: () => {
      if (asked !== undefined) line.fit(typed.edited, shownHint())
    },
    redraw: () => {
      if (asked !== undefined) draw()
    },
    writeAbove: (write: () => void) => {
      if (asked === undefined) return write()
      line.wipe()
      write()
      draw()
    },
  }
}
