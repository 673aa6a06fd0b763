/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A stream to read from, as `process.stdin` is. */
export type Input = NodeJS.ReadableStream & {
  readonly isTTY?: boolean
  /** Of a terminal: hands on every key as it is pressed, and shows none. */
  readonly setRawMode?: (isRaw: boolean) => unknown
}

/** A stream to write to, as `process.stdout` is. */
export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean
  /** Of a terminal: how large it is. */
  readonly columns?: number
  readonly rows?: number
}

/** What a process is told, and what ends it. `process` is one. */
export interface ProcessHooks {
  /** Its own environment, where variables of `--env-file` are put for the modules that it loads. Default: nowhere. */
  readonly env?: Record<string, string | undefined>
  on(event: 'exit', listener: () => void): unknown
  on(event: 'SIGINT' | 'SIGTERM' | 'SIGCONT', listener: (signal: NodeJS.Signals) => void): unknown
  on(event: 'uncaughtException', listener: (error: Error) => void): unknown
  off(event: 'exit', listener: () => void): unknown
  off(event: 'SIGINT' | 'SIGTERM' | 'SIGCONT', listener: (signal: NodeJS.Signals) => void): unknown
  off(event: 'uncaughtException', listener: (error: Error) => void): unknown
  exit(code: number): unknown
  /** With `kill`, what lets Ctrl-Z stop the process until its shell lets it go on. Default: it does not. */
  readonly pid?: number
  readonly kill?: (pid: number, signal: 'SIGTSTP') => unknown
}

/** What the command runs with. Everything but `argv` has a default. */
export interface MainOptions {
  /** The arguments, without Node and the script. */
  readonly argv: readonly string[]
  /** Default: the process's. */
  readonly env?: Environment
  /** Default: the process's; so are the next two. */
  readonly stdin?: Input
  readonly stdout?: Output
  readonly stderr?: Output
  /** Where a relative path of a module starts. Default: the process's working directory. */
  readonly cwd?: string
  /** Stops a server as SIGTERM does. Default: nothing. */
  readonly signal?: AbortSignal
  /**
   * Whose signals and uncaught errors the command answers to, and what it may end: `process`, in a program that does
   * nothing else. Default: none.
   */
  readonly process?: ProcessHooks
}

/** What the commands run with, defaults in place. */
export type Surroundings = Required<Omit<MainOptions, 'argv' | 'signal' | 'process'>> &
  Pick<MainOptions, 'signal' | 'process'>
