// The chat behind the examples of READMEs that need a server.

export default function* echo(message: string): Generator<string, void, undefined> {
  yield* `You said: ${message}`.split(/(?<= )/)
}
