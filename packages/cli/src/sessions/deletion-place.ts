import { type CommandError, usageError } from '../command-error.js'

/** What says which sessions are to be deleted, and where. */
export interface DeletionFlags {
  readonly url?: string | undefined
  readonly timeout?: string | undefined
  readonly owner?: string | undefined
  readonly session?: string | undefined
  readonly store?: string | undefined
  readonly dataDir?: string | undefined
  readonly config?: string | undefined
  readonly envFile?: readonly string[] | undefined
}

/** The flags that are about the file of a store. */
const storeFlags = [
  ['owner', '--owner'],
  ['session', '--session'],
  ['store', '--store'],
  ['dataDir', '--data-dir'],
  ['config', '--config'],
  ['envFile', '--env-file'],
] as const

/**
 * Where sessions are to be deleted: those that are named by their ids at a running server, those of `--owner` or `--session` in
 * the file of a store.
 *
 * @throws CommandError when it is neither, or both
 */
export function deletionPlace(ids: readonly string[], flags: DeletionFlags): 'server' | 'store' {
  const ofStore = storeFlags.filter(([name]) => flags[name] !== undefined).map(([, flag]) => flag)
  const ofServer = [
    ...(ids.length > 0 ? ['an id'] : []),
    ...(flags.url === undefined ? [] : ['--url']),
    ...(flags.timeout === undefined ? [] : ['--timeout']),
  ]
  if (ofServer.length > 0 && ofStore.length > 0) {
    throw usageError(
      `A running server (${ofServer.join(', ')}) and the file of a store (${ofStore.join(', ')}): only one of both can be meant.\n${examples}`,
    )
  }
  if (ids.length > 0) return 'server'
  if (flags.owner !== undefined || flags.session !== undefined) return 'store'
  throw unclearDeletion()
}

/** That nobody has said which sessions are to be deleted. */
export function unclearDeletion(): CommandError {
  return usageError(`Say which sessions.\n${examples}`)
}

const examples = [
  'At a running server: colloquy sessions delete sess_adb96f20e71e4b9abf747da8df49b6f6',
  'In the file of a store: colloquy sessions delete --owner web-shop --data-dir data',
].join('\n')
