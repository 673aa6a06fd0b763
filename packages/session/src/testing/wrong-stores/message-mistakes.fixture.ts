import { changedMessages, changedPage } from './changed-results.fixture.js'
import { type Mistakes, without } from './wrong-store.fixture.js'

export const messageMistakes: Mistakes = {
  'returns one message more than is wanted': (right) => ({
    listMessages: (ref, page, now) => right.listMessages(ref, { ...page, limit: page.limit + 1 }, now),
  }),
  'returns one message less than is wanted': (right) => ({
    listMessages: (ref, page, now) => right.listMessages(ref, { ...page, limit: page.limit - 1 }, now),
  }),
  'begins every page at the first message': (right) => ({
    listMessages: (ref, page, now) => right.listMessages(ref, without(page, 'after'), now),
  }),
  'begins a page with the message before it': (right) => ({
    listMessages: (ref, page, now) =>
      right.listMessages(
        ref,
        page.after === undefined ? page : { ...page, after: page.after + (page.order === 'asc' ? -1 : 1) },
        now,
      ),
  }),
  'knows one order only': (right) => ({
    listMessages: (ref, page, now) => right.listMessages(ref, { ...page, order: 'asc' }, now),
  }),
  'never tells that there are more messages': changedPage((page) => ({ ...page, more: false })),
  'promises more messages after every full page': (right) => ({
    async listMessages(ref, request, now) {
      const page = await right.listMessages(ref, request, now)
      return page && { ...page, more: page.messages.length === request.limit }
    },
  }),
  'numbers messages from 0': changedMessages((message) => ({ ...message, position: message.position - 1 })),
  'numbers the messages of a page': changedPage((page) => ({
    ...page,
    messages: page.messages.map((message, index) => ({ ...message, position: index + 1 })),
  })),
  'returns no page instead of an empty one': (right) => ({
    async listMessages(ref, request, now) {
      const page = await right.listMessages(ref, request, now)
      return page?.messages.length === 0 ? undefined : page
    },
  }),
  'returns an empty page for an unknown session': (right) => ({
    listMessages: async (ref, request, now) =>
      (await right.listMessages(ref, request, now)) ?? { messages: [], more: false },
  }),
  'loses the ids of user messages': changedMessages((message) =>
    message.role === 'user' ? { ...message, messageId: '' } : message,
  ),
  'loses the turns of user messages': changedMessages((message) =>
    message.role === 'user' ? { ...message, turnId: '' } : message,
  ),
  'loses the times of user messages': changedMessages((message) =>
    message.role === 'user' ? { ...message, createdAt: 0 } : message,
  ),
  'loses the times of assistant messages': changedMessages((message) =>
    message.role === 'assistant' ? { ...message, createdAt: 0 } : message,
  ),
  'takes everybody for the assistant': changedMessages((message) => ({ ...message, role: 'assistant' })),
  'loses the functions that were called from complete messages': changedMessages((message) =>
    message.status === 'complete' ? without(message, 'functionsCalled') : message,
  ),
  'adds an empty list of functions to every message': changedMessages((message) => ({
    functionsCalled: [],
    ...message,
  })),
  'trims messages': changedMessages((message) => ({ ...message, content: message.content.trim() })),
}
