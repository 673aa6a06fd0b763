import type { Mistakes } from './wrong-chat.fixture.js'

/** Whether there is one: what a port or a lock file is to others. */
let isTaken = false

export const lifeMistakes: Mistakes = {
  'throws when it is stopped for the second time': () => {
    let isStopped = false
    return {
      async stop() {
        if (isStopped) throw new Error('not running')
        isStopped = true
      },
    }
  },
  'throws when it is stopped while it stops': () => {
    let isStopping = false
    return {
      async stop() {
        if (isStopping) throw new Error('stopping already')
        isStopping = true
        await new Promise((resolve) => setImmediate(resolve))
        isStopping = false
      },
    }
  },
  'never comes to its second stop': () => {
    let stops = 0
    return {
      stop: () => {
        stops += 1
        return stops === 1 ? undefined : new Promise(() => {})
      },
    }
  },
  'throws when it is stopped before it was asked': (right) => {
    let isAsked = false
    return {
      reply(message, context) {
        isAsked = true
        return right.reply(message, context)
      },
      async stop() {
        if (!isAsked) throw new Error('there is nothing to stop')
      },
    }
  },
  'never stops': () => ({ stop: () => new Promise(() => {}) }),
  'waits with its stop until every reply was read to its end': (right) => {
    const replies = new Set<Promise<void>>()
    return {
      async *reply(message, context) {
        const { promise, resolve } = Promise.withResolvers<void>()
        replies.add(promise)
        yield* right.reply(message, context)
        resolve()
      },
      async stop() {
        await Promise.all(replies)
      },
    }
  },
  'holds on to what it took for a moment after it has stopped': () => ({
    start() {
      if (isTaken) throw new Error('the port is taken')
      isTaken = true
    },
    stop() {
      setImmediate(() => {
        isTaken = false
      })
    },
  }),
  'leaves a rejection that nobody handles when it stops': () => ({
    stop() {
      void Promise.reject(new Error('gone'))
    },
  }),
}
