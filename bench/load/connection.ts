import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { AnswerParser, type AnswerReader } from './answer-parser.ts'

/** All connections read into it: what has arrived is taken before anything else can arrive. */
const arrived = Buffer.allocUnsafeSlow(65_536)

/** A connection to a server, kept alive: requests go out as they are, one at a time. */
export class Connection {
  readonly #socket: Socket
  #reader: AnswerReader | null = null
  /** Why nothing can be sent any more. */
  #failure: Error | null = null

  /** Resolves when it is there. @throws Error of Node when it can't be made */
  static async open(port: number): Promise<Connection> {
    const connection = new Connection(port)
    await once(connection.#socket, 'connect')
    return connection
  }

  /** So many connections. */
  static async openMany(port: number, count: number): Promise<Connection[]> {
    const connections: Connection[] = []
    // A few at a time: a server takes no more than its backlog at once.
    while (connections.length < count) {
      const step = Math.min(100, count - connections.length)
      connections.push(...(await Promise.all(Array.from({ length: step }, () => Connection.open(port)))))
    }
    return connections
  }

  /** So many connections, for as long as something takes. */
  static async withMany<Result>(
    port: number,
    count: number,
    act: (connections: readonly Connection[]) => Promise<Result>,
  ): Promise<Result> {
    const connections = await Connection.openMany(port, count)
    try {
      return await act(connections)
    } finally {
      for (const connection of connections) connection.close()
    }
  }

  private constructor(port: number) {
    const parser = new AnswerParser(() => this.#current())
    const callback = (length: number): boolean => {
      try {
        parser.feed(arrived.toString('latin1', 0, length))
      } catch (error) {
        this.#fail(error instanceof Error ? error : new Error(String(error)))
        this.close()
      }
      return true
    }
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true, onread: { buffer: arrived, callback } })
    this.#socket.on('error', (error) => this.#fail(error))
    this.#socket.on('close', () => this.#fail(new Error('The server closed the connection.')))
  }

  /**
   * Sends a request. The next one may be sent as soon as the reader has been told that the answer has ended, and by it.
   *
   * @param request head and body; bytes, one a character (latin1)
   */
  send(request: string, reader: AnswerReader): void {
    if (this.#failure !== null) {
      reader.fail(this.#failure)
      return
    }
    this.#reader = reader
    this.#socket.write(request, 'latin1')
  }

  /** Ends it, whatever is under way; the reader of an answer that is not whole is told nothing more. */
  close(): void {
    this.#reader = null
    this.#failure ??= new Error('The connection was closed.')
    this.#socket.destroy()
  }

  #current(): AnswerReader {
    if (this.#reader === null) throw new Error('The server sent what nobody asked for.')
    return this.#reader
  }

  #fail(error: Error): void {
    this.#failure ??= error
    const reader = this.#reader
    this.#reader = null
    reader?.fail(this.#failure)
  }
}
