import type { Route } from './routes.js'

/** Who may ask a server. */
export interface AccessRules {
  /** Whether callers need a key. `none`: they may send one, and nobody looks at it. Default: `required`. */
  readonly authentication?: 'required' | 'none'
  /** Who may read the document and its pages: `open`, anybody; `key`, who has a key. Default: `open`. */
  readonly documentation?: 'open' | 'key'
}

/** Whether a route wants a key. */
export function needsKey({ access }: Pick<Route, 'access'>, rules: AccessRules = {}): boolean {
  const { authentication = 'required', documentation = 'open' } = rules
  if (authentication === 'none' || access === 'open') return false
  return access === 'key' || documentation === 'key'
}

/**
 * Whether a route may be answered only for some host names. Where callers need keys, health is told to whoever asks:
 * probes come by the machine's address.
 */
export function checksHost(
  { access }: Pick<Route, 'access'>,
  { authentication = 'required' }: AccessRules = {},
): boolean {
  return access !== 'open' || authentication === 'none'
}
