import { scenarios } from './right-chat.fixture.js'
import { answering, changing, type Mistakes, yielding } from './wrong-chat.fixture.js'

const { message, callingMessage } = scenarios

export const callMistakes: Mistakes = {
  'calls nothing': yielding(callingMessage, 'It costs 120.'),
  'calls what it does not name': changing(callingMessage, (chunk) => [
    'callId' in chunk ? { ...chunk, name: 'search' } : chunk,
  ]),
  'does not answer when something was called before': answering(
    message,
    async function* (right, { history }) {
      if (!history.some(({ functionsCalled }) => functionsCalled)) yield* right
    },
  ),
}
