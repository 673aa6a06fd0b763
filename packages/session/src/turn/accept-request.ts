import { chosenChat } from '../chosen-chat.js'
import { leaseMs, type OnBusy } from '../limits.js'
import type { ManagerParts } from '../manager-parts.js'
import { newSession } from '../new-session.js'
import type { TurnRequest } from '../session-manager.js'
import type { AcceptRequest, BusyRule, OwnedTurnRef } from '../session-store.js'

/** Most turns have none of their own. */
const noMetadata: Readonly<Record<string, string>> = Object.freeze({})

/** What the store is asked to accept. Without a session, it makes one for it. */
export function acceptRequest(
  request: TurnRequest,
  ref: OwnedTurnRef,
  { now, instance }: { readonly now: number; readonly instance: string },
  { chat, ids, limits }: Pick<ManagerParts, 'chat' | 'ids' | 'limits'>,
): AcceptRequest {
  const { maxSessions, whenFull, historyLimit } = limits
  return {
    ref,
    create:
      request.sessionId === undefined
        ? {
            session: newSession(ref, now, limits, { chat: chosenChat(chat, request.chat) }),
            bound: { maxSessions, whenFull, now },
          }
        : null,
    message: {
      messageId: ids('msg'),
      turnId: ref.turnId,
      role: 'user',
      content: request.message,
      status: 'complete',
      createdAt: now,
    },
    metadata: request.metadata === undefined ? noMetadata : Object.freeze({ ...request.metadata }),
    onBusy: busyRule(request.onBusy ?? limits.onBusy, limits.queueLimit),
    key: request.key === undefined ? null : { ...request.key, until: now + limits.keyTtlMs },
    lease: { instance, until: now + leaseMs },
    historyLimit,
    now,
  }
}

function busyRule(onBusy: OnBusy, limit: number): BusyRule {
  return onBusy === 'queue' ? { kind: 'queue', limit } : { kind: onBusy }
}
