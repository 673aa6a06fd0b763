import type { AnswerReader } from './answer-parser.ts'
import { Connection } from './connection.ts'

/** A whole answer. Texts are bytes, one a character (latin1). */
export interface Answer {
  readonly status: number
  /** The status line and the headers. */
  readonly head: string
  readonly body: string
}

/** Asks once, on a connection of its own. @throws Error when there is no whole answer */
export async function askOnce(port: number, request: string): Promise<Answer> {
  const connection = await Connection.open(port)
  try {
    return await ask(connection, request)
  } finally {
    connection.close()
  }
}

/** Asks on a connection. @throws Error when there is no whole answer */
export function ask(connection: Connection, request: string): Promise<Answer> {
  return new Promise((resolve, fail) => {
    connection.send(request, new WholeAnswer(resolve, fail))
  })
}

/** Waits for a whole answer; may be used for one after another. */
export class WholeAnswer implements AnswerReader {
  readonly fail: (error: Error) => void
  readonly #tell: (answer: Answer) => void
  #status = 0
  #head = ''
  #body = ''

  constructor(tell: (answer: Answer) => void, fail: (error: Error) => void) {
    this.#tell = tell
    this.fail = fail
  }

  head(status: number, head: string): void {
    this.#status = status
    this.#head = head
    this.#body = ''
  }

  piece(text: string): void {
    this.#body += text
  }

  end(): void {
    this.#tell({ status: this.#status, head: this.#head, body: this.#body })
  }
}
