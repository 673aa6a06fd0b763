import { dim, painted } from '../output/colours.js'
import { printable } from '../output/printable.js'
import { wrapWords } from '../output/wrap-words.js'
import type { Announcement } from './announce.js'

/** What the screen is made for. */
export interface ScreenStyle {
  /** The width of the terminal, in characters. */
  readonly columns: number
  readonly colours: boolean
}

/** A line of the screen: what it is about, and what there is to say. */
interface Row {
  readonly label: string
  readonly text: string
  readonly kind?: 'warning' | 'command'
}

/** What a start-up shows to people: a line for the address, and a row for each thing worth knowing. */
export function startScreen(announcement: Announcement, style: ScreenStyle): string {
  const { url } = announcement
  const { columns, colours } = style
  const heading = 'Colloquy is listening on'
  const isNarrow = heading.length + 1 + url.length > columns
  const rows = rowsOf(announcement)
  const width = Math.max(...rows.map(({ label }) => label.length))
  const lines = rows.flatMap((row) => linesOf(row, width, style))
  const first = `${painted(heading, 'bold', colours)}${isNarrow ? '\n' : ' '}${painted(url, 'cyan', colours)}`
  return `${[first, '', ...lines, ''].join('\n')}\n`
}

function linesOf({ label, text, kind }: Row, width: number, { columns, colours }: ScreenStyle): string[] {
  const indent = width + 4
  const shown = printable(text)
  // A command is copied: where there is not enough room, it begins at the edge, and the terminal breaks it.
  if (kind === 'command' && shown.length > columns - indent)
    return [...(label === '' ? [] : [`  ${dim(label, colours)}`]), shown]
  const lines = kind === 'command' ? [shown] : wrapWords(shown, columns - indent)
  return lines.map((line, n) => {
    const before = n === 0 ? `  ${dim(label.padEnd(width), colours)}  ` : ' '.repeat(indent)
    return `${before}${kind === 'warning' ? painted(line, 'yellow', colours) : line}`
  })
}

function rowsOf(announcement: Announcement): readonly Row[] {
  const { manager, storePath, configFile, isWatching, askedPort, hasDocs, url } = announcement
  return [
    ...(askedPort === undefined
      ? []
      : [
          {
            label: 'port',
            text: `${askedPort} is taken: this is the next free one`,
            kind: 'warning' as const,
          },
        ]),
    ...(manager.state === 'ready'
      ? []
      : [{ label: 'not ready', text: 'chats are refused until all has started', kind: 'warning' as const }]),
    ...answering(announcement),
    {
      label: 'sessions',
      text: storePath === undefined ? 'in memory: gone at the end' : `kept in ${storePath}`,
    },
    callers(announcement),
    ...(hasDocs ? [{ label: 'docs', text: `${url}/docs` }] : []),
    ...(configFile === undefined ? [] : [{ label: 'settings', text: configFile }]),
    ...(isWatching ? [{ label: 'watching', text: 'what changes is loaded anew' }] : []),
    ...commands(announcement),
    { label: 'stop', text: 'Ctrl-C' },
  ]
}

function answering({ manager: { chat } }: Announcement): readonly Row[] {
  const { name, functions = [], chats = [] } = chat
  if (chats.length === 0) return [{ label: 'answers', text: `${name}${countOf(functions.length)}` }]
  return chats.map(({ name, functions }, n) => ({
    label: n === 0 ? 'answers' : '',
    text: `${name}${countOf(functions.length)}${n === 0 ? ', unless a session chooses' : ''}`,
  }))
}

/** `, 5 functions`; nothing where there are none. */
export function countOf(functions: number): string {
  if (functions === 0) return ''
  return functions === 1 ? ' (1 function)' : ` (${functions} functions)`
}

function callers({ keys, isLocal }: Announcement): Row {
  const label = 'callers'
  if (keys === undefined && isLocal) return { label, text: 'no authentication: only this machine' }
  if (keys === undefined)
    return { label, text: 'no authentication: anybody who gets here can chat', kind: 'warning' }
  if (keys === 0) return { label, text: 'there is no key yet: nobody can chat', kind: 'warning' }
  return { label, text: `those with ${keys === 1 ? 'the 1 key' : `one of ${keys} keys`}` }
}

/** What can be typed in another terminal. */
function commands({ url, keys }: Announcement): readonly Row[] {
  const hasKeys = keys !== undefined
  const isDefault = new URL(url).port === '8000' && new URL(url).hostname === 'localhost'
  const chat = `${hasKeys ? 'COLLOQUY_API_KEY=<key> ' : ''}colloquy chat${isDefault ? '' : ` --url ${url}`}`
  const key = hasKeys ? `-H 'Authorization: Bearer <key>' ` : ''
  const curl = `curl ${url}/api/v1/chat ${key}-H 'Content-Type: application/json' -d '{"message":"Hello"}'`
  return [
    { label: 'try', text: chat, kind: 'command' },
    { label: '', text: curl, kind: 'command' },
  ]
}
