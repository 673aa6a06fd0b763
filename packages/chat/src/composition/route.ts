import {
  type ChatChoice,
  type ChatContext,
  ChatError,
  type ChatInterface,
  type Clock,
  systemClock,
} from '@colloquy/session'
import type { ReplyPart } from '../chat-definition.js'
import { replyWithSignal } from '../reply-with-signal.js'
import { createAskHealth } from './ask-health.js'
import { checkOptions, clock, type OptionRules, text } from './check-options.js'
import { chosenName, isBy, type RouteBy } from './choose-chat.js'
import { firstOfEachName } from './first-of-each-name.js'
import { passOn } from './pass-on.js'
import { prefixHealth } from './prefix-health.js'
import { readChats } from './read-chats.js'
import { readReply } from './read-reply.js'
import { startAll, stoppable } from './start-all.js'
import { createStatesApart, type StatesApart } from './states-apart.js'
import { stopAll } from './stop-all.js'

/** Which chat interface answers. */
export interface RouteOptions<Name extends string = string> {
  /**
   * Decides it anew for each turn: a function of the turn's context, or the name of a key of the session's metadata.
   * Where that says nothing (null, undefined, an empty text), the default answers. Default: `context.session.chat`, which
   * the session chose when it was made.
   */
  readonly by?: RouteBy
  /**
   * The one for those who choose none. Default: the first, which in an object may be another than
   * the one that was written first.
   */
  readonly default?: Name
  /** What answers, in a word or two. Default: `route`. */
  readonly name?: string
  /** Default: the machine's clock. */
  readonly clock?: Clock
}

const rules: OptionRules<RouteOptions> = {
  by: { wanted: "a function of the context, or { metadata: 'key' }", fits: isBy },
  default: text,
  name: text,
  clock,
}

/** A chat interface that is several, each with a name. */
export interface RoutedChat extends ChatInterface {
  /** What a session can choose, the default first. */
  readonly chats: readonly ChatChoice[]
}

/**
 * One chat interface of several, which have names: of these, one answers each turn. A name that is none of them fails the
 * turn with the ChatError `not_ready`.
 *
 * - `start` starts all of them, or none. `stop` stops all of them, also when one of them throws.
 * - `health` tells the components of all, with their names in front. What takes longer than a second is unhealthy.
 * - Each has a state of its own: none is given what another one made. The state of a session from before belongs to the
 *   default.
 * - The functions are those of all.
 * - Whoever answers is told that the session chose nothing (`context.session.chat` is null): the name that it chose is one
 *   of these here, and a route within this one has others.
 *
 * One chat interface may have several names: it is started and stopped once.
 *
 * @param chats by their names: an object, a Map, or pairs of a name and a chat interface. In an object, names that look like
 * whole numbers come first, whatever their order was, and `__proto__: chat` is no name at all (ECMAScript, OrdinaryOwnPropertyKeys
 * and PropertyDefinitionEvaluation); a Map and pairs have any names, and keep their order. So with an object, name the default
 * with `options.default`.
 * @throws TypeError when there is none, when one is no chat interface, when two have the same name, when the default is none of
 * them, or for an option that is none
 */
export function route<Name extends string>(
  chats: Iterable<readonly [name: Name, chat: ChatInterface]>,
  options?: RouteOptions<NoInfer<Name>>,
): RoutedChat
export function route<Name extends string>(
  chats: Readonly<Record<Name, ChatInterface>>,
  options?: RouteOptions<NoInfer<Name>>,
): RoutedChat
export function route(chats: unknown, options: RouteOptions = {}): RoutedChat {
  checkOptions('route', options, rules)
  const { by, name = 'route', clock = systemClock } = options
  const byName = readChats(chats, options.default)
  const [heir = ''] = byName.keys()
  const each = [...byName].map(([name, chat]) => ({ name, chat, health: createAskHealth(chat, clock) }))
  // Of those that are the same, the first.
  const distinct = each.filter(({ chat }, i) => each.findIndex((other) => other.chat === chat) === i)
  const parts: RouteParts = { byName, by, states: createStatesApart({ kind: 'route', heir }) }
  return {
    name,
    get functions() {
      return firstOfEachName(each.map(({ chat }) => chat.functions ?? []))
    },
    get chats() {
      return each.map(({ name, chat }) => ({ name, functions: chat.functions ?? [] }))
    },
    start: () => startAll(distinct),
    stop: () => stopAll(distinct.map(stoppable)),
    health: async () =>
      prefixHealth(await Promise.all(each.map(async ({ name, health }) => [name, await health()] as const))),
    reply: (message, context) => replyWithSignal(context, (inner) => answer(parts, message, inner)),
  }
}

interface RouteParts {
  /** The default first. */
  readonly byName: ReadonlyMap<string, ChatInterface>
  readonly by: RouteBy | undefined
  readonly states: StatesApart
}

async function* answer(
  { byName, by, states }: RouteParts,
  message: string,
  context: ChatContext,
): AsyncGenerator<ReplyPart, void, undefined> {
  const [first = ''] = byName.keys()
  const name = chosenName(context, by) ?? first
  const chat = byName.get(name)
  if (chat === undefined) throw unknownName(name, byName.keys())
  const { session } = context
  const own = states.contextFor(name, { ...context, session: { ...session, chat: null } })
  yield* passOn(readReply(chat, message, own), { map: states.mapFor(name, context) })
}

/** The name may come from a client: it is cut, and can not break the line. */
function unknownName(name: string, known: Iterable<string>): ChatError {
  const shown = JSON.stringify(name.length <= 64 ? name : `${name.slice(0, 63)}…`.toWellFormed())
  return new ChatError('not_ready', `There is no chat ${shown}. There are: ${[...known].join(', ')}.`)
}
