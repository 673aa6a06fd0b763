import type {
  PermissionOption,
  PermissionOptionKind,
  RequestPermissionOutcome,
  ToolKind,
} from '@agentclientprotocol/sdk'
import type { CallToAllow } from './function-calls.js'

/** Every kind of the protocol, so that an entry can be told from a name. */
const kinds: Readonly<Record<ToolKind, true>> = {
  read: true,
  edit: true,
  delete: true,
  move: true,
  search: true,
  execute: true,
  think: true,
  fetch: true,
  switch_mode: true,
  other: true,
}

/** What is answered to an agent that asks for permission. */
export interface PermissionDecision {
  readonly isAllowed: boolean
  readonly outcome: RequestPermissionOutcome
}

/**
 * Decides whether an agent may do what it asks for: where its kind is allowed, or its name is, which is looked at only where it is
 * none of the kinds. It is allowed for this once: where the agent has no such option, it is not. A refusal is for once, too, where
 * the agent has such an option.
 */
export function decidePermission(
  { kind, toolName }: CallToAllow,
  options: readonly PermissionOption[],
  allow: ReadonlySet<string>,
): PermissionDecision {
  const isNamed = toolName !== undefined && !Object.hasOwn(kinds, toolName) && allow.has(toolName)
  const allowed = isNamed || allow.has(kind) ? optionOf('allow_once', options) : undefined
  const chosen = allowed ?? optionOf('reject_once', options) ?? optionOf('reject_always', options)
  return {
    isAllowed: allowed !== undefined,
    outcome:
      chosen === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId: chosen.optionId },
  }
}

function optionOf(
  kind: PermissionOptionKind,
  options: readonly PermissionOption[],
): PermissionOption | undefined {
  return options.find((option) => option.kind === kind)
}
