/** What a command at the prompt takes, and does, as its help has it. */
interface SlashDescription {
  /** What comes behind its name. */
  readonly takes: string
  readonly does: string
}

/** The commands at the prompt, in the order of their help. */
export const slashCommands = {
  help: { takes: '', does: 'show this' },
  new: { takes: '[chat]', does: 'begin a new session, with one of the chats of the server' },
  sessions: { takes: '', does: 'list the latest sessions' },
  switch: { takes: '<number or id>', does: 'go on in another session' },
  history: { takes: '[n]', does: 'show the latest messages of this session (default: 20)' },
  functions: { takes: '', does: 'list what this chat can call' },
  status: { takes: '', does: 'show the server, the session and the chat' },
  export: {
    takes: '[--force] [file]',
    does: 'write this session to a file, as Markdown, or JSON where its name ends in .json',
  },
  quit: { takes: '', does: 'leave' },
} as const satisfies Readonly<Record<string, SlashDescription>>

/** The name of one, without its slash. */
export type SlashName = keyof typeof slashCommands

/** All names. */
export const slashNames = Object.keys(slashCommands) as readonly SlashName[]

/** Other words for some of them. */
export const slashAliases: Readonly<Record<string, SlashName | undefined>> = {
  '?': 'help',
  exit: 'quit',
  bye: 'quit',
  clear: 'new',
  resume: 'switch',
}
