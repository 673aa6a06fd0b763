import type { ChatContext } from '../../../chat-interface.js'
import { besides, type Mistake, type Mistakes } from './wrong-chat.fixture.js'

/** Throws where it is told this. */
const refusing = (isWrong: (context: ChatContext) => boolean): Mistake =>
  besides((context) => {
    if (isWrong(context)) throw new Error('this is too much')
  })

/** What is frozen, for whoever does not believe that it is. */
const writable = (frozen: object): Record<string, unknown> => frozen as Record<string, unknown>

const contentsOf = ({ history }: ChatContext) => history.map(({ content }) => content)

export const contextMistakes: Mistakes = {
  'takes a hundred messages': refusing(({ history }) => history.length > 100),
  'takes no empty message': refusing((context) => contentsOf(context).includes('')),
  'takes no message of more than one line': refusing((context) =>
    contentsOf(context).some((text) => /\n/.test(text)),
  ),
  'takes ASCII alone': refusing((context) => contentsOf(context).some((text) => /[^\0-\x7f]/.test(text))),
  'takes no call without a result': refusing(({ history }) =>
    history.some(({ functionsCalled = [] }) => functionsCalled.some((call) => !('result' in call))),
  ),
  'takes a history that begins with the user alone': refusing(
    ({ history }) => history[0]?.role === 'assistant',
  ),
  'takes turns alone': refusing(({ history }) =>
    history.some(({ role }, n) => history[n + 1]?.role === role),
  ),
  'takes metadata of an ASCII name alone': refusing(({ session }) =>
    Object.keys(session.metadata).some((key) => !/^\w+$/.test(key)),
  ),
  'takes no empty metadata': refusing(({ session }) => Object.values(session.metadata).includes('')),
  'takes no trace without a state': refusing(
    ({ trace }) => trace !== undefined && trace.tracestate === undefined,
  ),
  'takes no trace with a state': refusing(({ trace }) => trace?.tracestate !== undefined),
  'adds its message to the history': besides(({ history }, content) => {
    ;(history as { role: 'user'; content: string }[]).push({ role: 'user', content })
  }),
  'trims the messages of the history': besides(({ history }) => {
    for (const item of history) writable(item)['content'] = item.content.trim()
  }),
  'writes to a call of the history': besides(({ history }) => {
    for (const { functionsCalled = [] } of history)
      for (const call of functionsCalled) writable(call)['arguments'] = {}
  }),
  'notes in the metadata that it has answered': besides(({ session }) => {
    writable(session.metadata)['answered'] = 'yes'
  }),
  'names the session as it likes': besides(({ session }) => {
    writable(session)['id'] = 'mine'
  }),
}
