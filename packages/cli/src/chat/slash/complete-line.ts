import { slashNames } from './slash-commands.js'

/** What could follow the names of commands. */
export interface Completions {
  /** The ids of sessions, for `/switch`. */
  readonly sessionIds: () => Promise<readonly string[]>
  /** The names of chats, for `/new`. */
  readonly chats: () => Promise<readonly string[]>
}

/** The whole lines that a line could become. Of a message, none. */
export async function completeLine(
  line: string,
  { sessionIds, chats }: Completions,
): Promise<readonly string[]> {
  if (line.includes('\n')) return []
  const [, command, begun = ''] = /^\/(\w+)\s+(\S*)$/.exec(line) ?? []
  if (command === undefined)
    return /^\/\w*$/.test(line)
      ? slashNames.map((name) => `/${name}`).filter((name) => name.startsWith(line))
      : []
  const words = command === 'switch' ? await sessionIds() : command === 'new' ? await chats() : []
  return words.filter((word) => word.startsWith(begun)).map((word) => `/${command} ${word}`)
}
