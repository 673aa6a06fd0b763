/** What is asked of the server: everything about a request but where the server is and who asks. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the base URL, with a leading slash and its parts already escaped. */
  readonly path: string
  /** Parameters that are undefined are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>
  /** Sent as JSON. */
  readonly body?: object
  /** What the call itself says in headers: it wins over every other header of the name, and null leaves that out. */
  readonly headers?: Readonly<Record<string, string | null>>
}

/** The media type that a call wants its answer in. */
export type Accept = 'application/json' | 'text/event-stream'
