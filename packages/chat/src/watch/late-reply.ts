/**
 * A reply that is opened when its first chunk is asked for, and only once: reading it again goes on where the first reader
 * stopped. One that is ended before is never opened.
 */
export function lateReply<Item>(open: () => AsyncIterator<Item>): AsyncIterable<Item> {
  let opened: AsyncIterator<Item> | undefined
  let isOver = false
  const done = { done: true, value: undefined } as const

  const iterator: AsyncIterator<Item> = {
    async next() {
      if (isOver) return done
      try {
        opened ??= open()
      } catch (error) {
        isOver = true
        throw error
      }
      return opened.next()
    },
    async return() {
      isOver = true
      return (await opened?.return?.()) ?? done
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}
