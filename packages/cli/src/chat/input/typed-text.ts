import { type EditedText, edit, emptyText, insert, type Key, nameOf, withText } from './edit-text.js'
import { type Recall, recallOf, step, withSaid } from './recall.js'
import { goesOn, isOpenBlock, messageIn } from './whole-message.js'

/** What somebody types at a prompt, and what there is to bring back. */
export interface TypedText {
  readonly edited: EditedText
  readonly recall: Recall
  /** What is being pasted, in which Enter is a part of the text; null while nothing is. */
  readonly pasted: string | null
  /** Whether the next Ctrl-C leaves. */
  readonly isArmed: boolean
}

/** What a key does: another text, or the end of typing. */
export type Typed =
  | { readonly does: 'type'; readonly typed: TypedText }
  | { readonly does: 'send'; readonly typed: TypedText; readonly message: string }
  | { readonly does: 'complete' | 'clear screen' | 'leave' }

/** Nothing typed, and nothing to bring back. */
export const nothingTyped: TypedText = {
  edited: emptyText,
  recall: recallOf([]),
  pasted: null,
  isArmed: false,
}

/** What a key does to what is typed. */
export function typeKey(typed: TypedText, key: Key, character: string | undefined): Typed {
  const name = nameOf(key)
  const next = { ...typed, isArmed: false }
  if (name === 'paste-start') return type(next, { pasted: '' })
  if (typed.pasted !== null && name !== 'ctrl-c') return paste(next, typed.pasted, name, character)
  switch (name) {
    case 'ctrl-c':
      return interrupt(typed)
    case 'ctrl-d':
      return typed.edited.text === '' ? { does: 'leave' } : editKey(next, key, character)
    case 'ctrl-l':
      return { does: 'clear screen' }
    case 'tab':
      return { does: 'complete' }
    case 'return':
      return enter(next)
    case 'up':
    case 'down':
    case 'ctrl-p':
    case 'ctrl-n':
      return walk(next, name)
    default:
      return editKey(next, key, character)
  }
}

/** Lines that Tab could make of one: the longest beginning that they share, when it is more than there is. */
export function sharedBeginning(lines: readonly string[]): string {
  let [shared = '', ...others] = lines
  for (const line of others) while (!line.startsWith(shared)) shared = shared.slice(0, -1)
  return shared
}

/** What is pasted goes into the text as a whole, at its end. */
function paste(typed: TypedText, pasted: string, name: string, character: string | undefined): Typed {
  if (name !== 'paste-end') return type(typed, { pasted: pasted + (character ?? '') })
  return type(typed, { pasted: null, edited: insert(typed.edited, pasted) })
}

function interrupt(typed: TypedText): Typed {
  if (typed.edited.text !== '' || typed.pasted !== null) {
    const recall = recallOf(typed.recall.said)
    return type(typed, { edited: withText(typed.edited, ''), recall, pasted: null })
  }
  return typed.isArmed ? { does: 'leave' } : type(typed, { isArmed: true })
}

function enter(typed: TypedText): Typed {
  const { edited, recall } = typed
  const { text, cursor } = edited
  if (cursor === text.length && goesOn(text)) {
    const without = { ...edited, text: text.slice(0, -1), cursor: cursor - 1 }
    return type(typed, { edited: insert(without, '\n') })
  }
  if (isOpenBlock(text)) return type(typed, { edited: insert(edited, '\n') })
  return {
    does: 'send',
    message: messageIn(text),
    typed: { ...typed, edited: withText(edited, ''), recall: withSaid(recall, text) },
  }
}

/** Up and down in the lines of the text, and beyond them to what was said before. */
function walk(typed: TypedText, name: 'up' | 'down' | 'ctrl-p' | 'ctrl-n'): Typed {
  const isUp = name === 'up' || name === 'ctrl-p'
  const moved = edit(typed.edited, { name: isUp ? 'up' : 'down' })
  if (moved !== undefined) return type(typed, { edited: moved })
  const stepped = step(typed.recall, isUp ? -1 : 1, typed.edited.text)
  if (stepped === undefined) return type(typed, {})
  return type(typed, { recall: stepped.recall, edited: withText(typed.edited, stepped.text) })
}

function editKey(typed: TypedText, key: Key, character: string | undefined): Typed {
  const edited = edit(typed.edited, key)
  if (edited !== undefined) return type(typed, { edited })
  const isText = character !== undefined && key.ctrl !== true && key.meta !== true
  return type(typed, isText ? { edited: insert(typed.edited, character) } : {})
}

function type(typed: TypedText, change: Partial<TypedText>): Typed {
  return { does: 'type', typed: { ...typed, ...change } }
}
