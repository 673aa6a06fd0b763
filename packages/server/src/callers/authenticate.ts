import type { IncomingMessage } from 'node:http'
import type { SessionManager } from '@colloquy/session'
import { ServerError } from '../answer/server-error.js'
import type { RequestCheck } from '../request/request-check.js'
import { factsOf } from '../request/request-facts.js'

/** Who sent a request. */
export interface Caller {
  /** Whose sessions the request is about, never empty: what one owner made does not exist for another. */
  readonly owner: string
  /** What the log calls the caller. Default: nothing; what identifies a person may have no place there. */
  readonly name?: string
}

/**
 * Tells who sent a request, by its headers: its body has not been read. Null, or nothing, for somebody unknown, who is
 * answered with `unauthenticated`. When it throws, the answer is `internal_error`, and the log has what it threw.
 */
export type Authenticate = (
  request: IncomingMessage,
) => Caller | null | undefined | Promise<Caller | null | undefined>

/** Lets only those in that `authenticate` knows, and notes whose sessions the request is about. */
export function requireCaller(authenticate: Authenticate, manager: SessionManager): RequestCheck {
  return async (req, res) => {
    const caller = await identify(authenticate, req)
    if (caller === null) {
      throw new ServerError('unauthenticated', {
        detail:
          req.headers.authorization === undefined
            ? 'This route wants a key: send the header "Authorization: Bearer <key>".'
            : 'The key is not known here, or no longer. It is sent as "Authorization: Bearer <key>".',
        // RFC 9110, section 11.6.1: a 401 names the scheme that would be right.
        headers: { 'WWW-Authenticate': 'Bearer' },
      })
    }
    const facts = factsOf(res)
    facts.scope = manager.ownedBy(caller.owner)
    facts.callerName = caller.name
  }
}

/** Who may read the pages that document the API: everybody, callers with a key, or nobody. */
export type DocumentationAccess = 'open' | 'key' | 'off'

async function identify(authenticate: Authenticate, request: IncomingMessage): Promise<Caller | null> {
  try {
    const caller = (await authenticate(request)) ?? null
    if (caller !== null) checkOwner(caller)
    return caller
  } catch (cause) {
    throw new ServerError('internal_error', { cause })
  }
}

/** Empty is whose sessions have no owner: those that were made without callers. */
function checkOwner({ owner }: { readonly owner: unknown }): void {
  if (typeof owner !== 'string' || owner === '')
    throw new TypeError(
      'A caller needs an owner, which is a text and not empty. An example: { owner: "web-shop" }',
    )
}
