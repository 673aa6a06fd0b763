/** A request as the server received it. */
export interface ModelRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The body, parsed; an empty one where there is none, or none that is a JSON object. */
  readonly body: ModelRequestBody
  /** Resolves when the response is over and says how: sent whole, or its connection closed before. Never rejects. */
  readonly closed: Promise<ModelResponseEnd>
  /** Of an answer `byHand`: lets so many pieces go, now or when it comes to them. Default: 1. */
  letGo(pieces?: number): void
  /** Resolves when so many pieces of an answer were handed to the socket, its end included. Never rejects. */
  sent(pieces: number): Promise<void>
}

/** What is known of the body of a chat completion's request; it may hold more. */
export interface ModelRequestBody {
  readonly model?: string
  readonly stream?: boolean
  readonly stream_options?: { readonly include_usage?: boolean }
  readonly messages?: readonly ModelRequestMessage[]
  readonly tools?: readonly {
    readonly type: string
    readonly function: { readonly name: string; readonly description?: string; readonly parameters: unknown }
  }[]
  readonly [name: string]: unknown
}

/** A message of a request. */
export interface ModelRequestMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool'
  readonly content?: unknown
  readonly tool_calls?: readonly {
    readonly id: string
    readonly type: string
    readonly function: { readonly name: string; readonly arguments: string }
  }[]
  readonly tool_call_id?: string
}

/** How a response ended. */
export interface ModelResponseEnd {
  /** Whether the server had sent all of it. */
  readonly isWhole: boolean
  /** When, by `performance.now()`. */
  readonly atMs: number
}

/** The text of the latest user message, or nothing. */
export function lastUserText({ body }: Pick<ModelRequest, 'body'>): string {
  const content = body.messages?.findLast(({ role }) => role === 'user')?.content
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part: { readonly text?: string }) => part.text ?? '').join('')
}
