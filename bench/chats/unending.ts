import { once } from 'node:events'

/** Says a word, and nothing more until it is told to stop. */
export default async function* sayOneWord(
  _message: string,
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<string, void, undefined> {
  yield 'Wait. '
  if (!signal.aborted) await once(signal, 'abort')
}
