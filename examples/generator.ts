// Answers word by word, and stops when it is told to. Try it without a server: node examples/generator.ts
import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'

export default async function* generator(message: string, { signal }: { readonly signal: AbortSignal }) {
  for (const word of `You said: ${message}`.split(/(?<= )/)) {
    // What waits takes the signal, so that a stopped turn ends now and not after the wait.
    await setTimeout(20, undefined, { signal })
    yield word
  }
}

if (import.meta.main) {
  const { signal } = new AbortController()
  assert.deepEqual(await Array.fromAsync(generator('hello there', { signal })), [
    'You ',
    'said: ',
    'hello ',
    'there',
  ])

  const stop = new AbortController()
  const heard: string[] = []
  await assert.rejects(
    async () => {
      for await (const word of generator('hello there', { signal: stop.signal })) {
        heard.push(word)
        stop.abort()
      }
    },
    { name: 'AbortError' },
  )
  assert.deepEqual(heard, ['You '])
  console.log('ok')
}
