/** How a command ends, for scripts. They never change their meanings. */
export const exitCodes = {
  done: 0,
  /** It failed while it ran, and none of the others says why. */
  failed: 1,
  /** It was called or configured wrongly. */
  wrongUse: 2,
  /** What it was to look at is not there: no such session. */
  notFound: 3,
  /** The server wants a key, or another one. */
  notAuthenticated: 4,
  /** No server answers there, in time, or none of this kind. */
  unreachable: 5,
  /** 128 and the number of SIGINT: it was told to stop. */
  stopped: 130,
} as const

/** One of them. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
