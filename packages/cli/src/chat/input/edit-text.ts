import { printable } from '../../output/printable.js'
import {
  lineEnd,
  lineStart,
  placeAbove,
  placeAfter,
  placeBefore,
  placeBelow,
  wordAfter,
  wordBefore,
} from './text-places.js'

/** A key, as `node:readline` tells it. */
export interface Key {
  readonly sequence?: string | undefined
  readonly name?: string | undefined
  readonly ctrl?: boolean | undefined
  readonly meta?: boolean | undefined
}

/** A text that is being written. */
export interface EditedText {
  readonly text: string
  /** Where the next character goes, in UTF-16 code units. */
  readonly cursor: number
  /** What was cut last, to be put in again. */
  readonly cut: string
}

/** Nothing written yet. */
export const emptyText: EditedText = { text: '', cursor: 0, cut: '' }

/** The same with another text, the cursor at its end. */
export function withText(edited: EditedText, text: string): EditedText {
  return { ...edited, text, cursor: text.length }
}

/** Puts a text in where the cursor is; of what is not printable, nothing. */
export function insert({ text, cursor, cut }: EditedText, piece: string): EditedText {
  const shown = printable(piece.replaceAll(/\r\n?/g, '\n'))
  return {
    text: text.slice(0, cursor) + shown + text.slice(cursor),
    cursor: cursor + shown.length,
    cut,
  }
}

/** What a key makes of the text; undefined when it is no key that edits, or there is nothing for it to do. */
export function edit(edited: EditedText, key: Key): EditedText | undefined {
  const change = changes[nameOf(key)]
  return change === undefined ? undefined : change(edited)
}

/** Such as `ctrl-left`. */
export function nameOf({ name = '', ctrl = false, meta = false, sequence }: Key): string {
  if (sequence === shiftEnter || sequence === modifiedShiftEnter) return 'shift-return'
  return `${ctrl ? 'ctrl-' : ''}${meta ? 'meta-' : ''}${name}`
}

// Of terminals that tell it from Enter: kitty's protocol, and xterm's modifyOtherKeys.
const shiftEnter = '\u001b[13;2u'
const modifiedShiftEnter = '\u001b[27;2;13~'

type Change = (edited: EditedText) => EditedText | undefined

const left = moveTo(({ text, cursor }) => placeBefore(text, cursor))
const right = moveTo(({ text, cursor }) => placeAfter(text, cursor))
const wordLeft = moveTo(({ text, cursor }) => wordBefore(text, cursor))
const wordRight = moveTo(({ text, cursor }) => wordAfter(text, cursor))
const home = moveTo(({ text, cursor }) => lineStart(text, cursor))
const end = moveTo(({ text, cursor }) => lineEnd(text, cursor))
const newline: Change = (edited) => insert(edited, '\n')
const backspace: Change = ({ text, cursor, cut }) =>
  remove({ text, cursor, cut }, placeBefore(text, cursor), cursor, cut)
const cutWordBefore = cutOut(({ text, cursor }) => [wordBefore(text, cursor), cursor])

const changes: Readonly<Record<string, Change | undefined>> = {
  left,
  'ctrl-b': left,
  right,
  'ctrl-f': right,
  'ctrl-left': wordLeft,
  'meta-left': wordLeft,
  'meta-b': wordLeft,
  'ctrl-right': wordRight,
  'meta-right': wordRight,
  'meta-f': wordRight,
  home,
  'ctrl-a': home,
  end,
  'ctrl-e': end,
  up: moveTo(({ text, cursor }) => placeAbove(text, cursor)),
  down: moveTo(({ text, cursor }) => placeBelow(text, cursor)),
  backspace,
  'ctrl-h': backspace,
  delete: removeNext,
  'ctrl-d': removeNext,
  'ctrl-k': cutOut(({ text, cursor }) => [cursor, lineEnd(text, cursor)]),
  'ctrl-u': cutOut(({ text, cursor }) => [lineStart(text, cursor), cursor]),
  'ctrl-w': cutWordBefore,
  'meta-backspace': cutWordBefore,
  'ctrl-backspace': cutWordBefore,
  'meta-d': cutOut(({ text, cursor }) => [cursor, wordAfter(text, cursor)]),
  'ctrl-y': (edited) => insert(edited, edited.cut),
  enter: newline, // Ctrl-J; what the key Enter sends is called "return"
  'meta-return': newline,
  'meta-enter': newline,
  'shift-return': newline,
}

function removeNext({ text, cursor, cut }: EditedText): EditedText {
  return remove({ text, cursor, cut }, cursor, placeAfter(text, cursor), cut)
}

function moveTo(place: (edited: EditedText) => number | undefined): Change {
  return (edited) => {
    const cursor = place(edited)
    return cursor === undefined ? undefined : { ...edited, cursor }
  }
}

function cutOut(range: (edited: EditedText) => readonly [from: number, to: number]): Change {
  return (edited) => {
    const [from, to] = range(edited)
    return remove(edited, from, to, edited.text.slice(from, to))
  }
}

function remove({ text }: EditedText, from: number, to: number, cut: string): EditedText {
  return { text: text.slice(0, from) + text.slice(to), cursor: from, cut }
}
