import type { ChatContext } from '../../../chat-interface.js'
import type { Mistake } from './wrong-chat.fixture.js'

/** Says one piece and waits for ever, whatever is told to it. */
export async function* hang(): AsyncGenerator<string> {
  yield 'well'
  await new Promise(() => {})
}

/** Waits for the signal, as it is usually done wrong: one that is aborted already is never aborted again. */
export function untilAborted({ signal }: ChatContext): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
}

/** Answers nobody once a reply was stopped. @param breaks tells whether a stop breaks it, by whether there was a chunk before */
export const brokenByStop =
  (breaks: (hasBegun: boolean) => boolean): Mistake =>
  (right) => {
    let isBroken = false
    return {
      async *reply(asked, context) {
        if (isBroken) throw new Error('broken')
        let hasBegun = false
        try {
          for await (const chunk of right.reply(asked, context)) {
            yield chunk
            hasBegun = true
          }
        } finally {
          if (context.signal.aborted && breaks(hasBegun)) isBroken = true
        }
      },
    }
  }
