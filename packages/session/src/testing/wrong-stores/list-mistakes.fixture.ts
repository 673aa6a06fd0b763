import type { SessionPage } from '../../session-store.js'
import type { Mistake, Mistakes } from './wrong-store.fixture.js'
import { without } from './wrong-store.fixture.js'

const changedPage =
  (change: (page: SessionPage) => SessionPage): Mistake =>
  (right) => ({ listSessions: async (page, now) => change(await right.listSessions(page, now)) })

export const listMistakes: Mistakes = {
  'lists the least recently active session first': changedPage((page) => ({
    ...page,
    sessions: page.sessions.toReversed(),
  })),
  'never tells that there are more sessions': changedPage((page) => ({ ...page, more: false })),
  'begins every list at the first session': (right) => ({
    listSessions: (page, now) => right.listSessions(without(page, 'after'), now),
  }),
  'lists one session less than is wanted': (right) => ({
    listSessions: (page, now) => right.listSessions({ ...page, limit: page.limit - 1 }, now),
  }),
  'lists sessions with a wrong time to live': changedPage((page) => ({
    ...page,
    sessions: page.sessions.map((session) => ({ ...session, ttlMs: 0 })),
  })),
  'lists sessions without the chats that they chose': changedPage((page) => ({
    ...page,
    sessions: page.sessions.map((session) => ({ ...session, chat: null })),
  })),
  'lists expired sessions': (right) => ({ listSessions: (page) => right.listSessions(page, 0) }),
  'skips the sessions of the moment at which a page ends': (right) => ({
    listSessions: (page, now) =>
      right.listSessions(
        page.after === undefined
          ? page
          : { ...page, after: { lastActiveAt: page.after.lastActiveAt, sessionId: '~' } },
        now,
      ),
  }),
}
