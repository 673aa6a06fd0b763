import type { McpServer } from '@agentclientprotocol/sdk'
import type { Clock, Logger } from '@colloquy/session'

/** What an agent is allowed to do when it asks. */
export interface AcpPermissions {
  /**
   * What is allowed, each time for one call. An entry that is a kind of the protocol (`read`, `edit`, `delete`, `move`, `search`,
   * `execute`, `think`, `fetch`, `switch_mode`, `other`) allows the calls of that kind, whatever they are named; any other entry
   * allows the calls of the tool with exactly that name, in upper and lower case as it is. Titles are never looked at: they are
   * texts for people, and a model may have written them. Default: nothing.
   */
  readonly allow: readonly string[]
}

/** The files that an agent may ask for (`fs/read_text_file`, `fs/write_text_file`). */
export interface AcpFiles {
  /** The folder that they have to be in, as an absolute path: what a link leads to counts, not where the link is. */
  readonly directory: string
  /** Whether it may write, too. Default: false. */
  readonly write?: boolean
  /** The largest file that is read or written, in bytes. Default: 1,048,576 (1 MiB). */
  readonly maxBytes?: number
}

/** The programs that an agent may have run for it (`terminal/*`). */
export interface AcpTerminals {
  /** The folder that their working directory has to be in, as an absolute path, and the one where they run by default. */
  readonly directory: string
  /**
   * The programs that may be run, exactly as the agent has to name them; with any arguments, but with no environment variables
   * of the agent's choice, which could turn one program into another. Default: any.
   */
  readonly commands?: readonly string[]
  /** Their environment, whole. What the agent adds comes on top. Default: `PATH=/usr/local/bin:/usr/bin:/bin`. */
  readonly env?: Readonly<Record<string, string>>
  /** How much of the output of each is kept, in bytes: the end of it. The agent may ask for less. Default: 1,048,576 (1 MiB). */
  readonly maxOutputBytes?: number
  /** How many there may be at once in one turn. Default: 8. */
  readonly maxPerTurn?: number
}

/** How an agent is started, and what it may do. */
export interface AcpOptions {
  /** The program that speaks the protocol on its stdin and stdout. */
  readonly command: string
  /** Default: none. */
  readonly args?: readonly string[]
  /** The working directory of the agent and of its sessions, an absolute path. Default: that of the process. */
  readonly cwd?: string
  /** The environment of the agent, whole. Default: that of the process. */
  readonly env?: Readonly<Record<string, string>>
  /** What it is called in logs and on status pages. Default: the name of the command, without its folder. */
  readonly name?: string
  /** The MCP servers that the agent is to connect each session to. Default: none. */
  readonly mcpServers?: readonly McpServer[]
  /** What is allowed when the agent asks for permission. Default: nothing. */
  readonly permissions?: AcpPermissions
  /** Which files it may ask for. Default: none; it is told that it can't ask. */
  readonly files?: AcpFiles
  /** Which programs it may have run. Default: none; it is told that it can't ask. */
  readonly terminals?: AcpTerminals
  /** The id of the method by which the agent is to authenticate when it says that it has to. Default: none; such turns fail. */
  readonly authMethodId?: string
  /** How long the agent may take from its start to the end of the handshake, in milliseconds. Default: 30,000. */
  readonly startTimeoutMs?: number
  /**
   * How long the agent may take to end a turn that was cancelled, before it is given a new session for the next one; and to end
   * itself after SIGTERM, before it gets SIGKILL. In milliseconds. Default: 2,000.
   */
  readonly stopGraceMs?: number
  /**
   * How many sessions are remembered. One that is forgotten, the least recently used, is closed where the agent can do that, and
   * brought back with its next message as after a restart. Default: 1,000.
   */
  readonly maxSessions?: number
  /** Where it is told what the agent does; what the agent itself writes to stderr, too. Default: nowhere. */
  readonly logger?: Logger
  /** Default: the machine's clock. */
  readonly clock?: Clock
}
