import type { OnBusy } from '../limits.js'
import type { TurnRequest } from '../session-manager.js'
import {
  type Command,
  command,
  hasSessions,
  type Moves,
  owners,
  pick,
  refOf,
  sessionsOf,
} from './command.fixture.js'
import { checkStarted, sentNow } from './message-rules.fixture.js'
import type { ModelWorld } from './model-world.fixture.js'
import type { Script, Step } from './steered-chat.fixture.js'

/** A message to send. */
export interface Chat {
  /** The session; null: a new one. */
  readonly session: number | null
  readonly isStranger: boolean
  readonly onBusy: OnBusy
  readonly key: { readonly key: string; readonly fingerprint: string } | null
  readonly onDisconnect: 'continue' | 'cancel'
  readonly script: Script
}

/** Sends a message. */
export function chat(sent: Chat, moves: Moves): Command {
  return command(
    chatName(sent),
    moves,
    (world) => send(world, sent),
    (world) => canSend(world, sent),
  )
}

/** A message in words. */
export function chatName({ session: n, isStranger, onBusy, key, onDisconnect, script }: Chat): string {
  const name = [
    `chat in ${n === null ? 'a new session' : `session ${n}`}${isStranger ? ' of somebody else' : ''}`,
    onBusy,
    ...(key === null ? [] : [`key ${key.key}${key.fingerprint}`]),
    ...(onDisconnect === 'cancel' ? ['cancel on disconnect'] : []),
    `[${script.steps.map(stepName).join(', ')}] ${script.heed}`,
  ]
  return name.join('; ')
}

/** Whether there is a session to send it to. */
export const canSend = (world: ModelWorld, { session }: Chat) => session === null || hasSessions(world)

/** Sends a message, and looks at what comes of it. */
export function send(
  world: ModelWorld,
  { session: n, isStranger, onBusy, key, onDisconnect, script }: Chat,
): void {
  const ref = n === null ? null : refOf(pick(sessionsOf(world), n), isStranger)
  const owner = ref?.owner ?? owners[isStranger ? 1 : 0]
  const message = `message ${world.notes.scripts.size + 1}`
  world.notes.scripts.set(message, script)
  const request: TurnRequest = {
    message,
    ...(ref === null ? {} : { sessionId: ref.sessionId }),
    onBusy,
    onDisconnect,
    ...(key === null ? {} : { key }),
  }
  const sent = sentNow(world, request, owner)
  world.follow(message, world.manager.ownedBy(owner).startTurn(request), (result) =>
    checkStarted(world, sent, result),
  )
}

function stepName(step: Step): string {
  return step.do === 'state' ? `state ${JSON.stringify(step.state)}` : step.do
}
