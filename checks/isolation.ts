import { execFileSync } from 'node:child_process'

/** How far a program can be shut in here. */
export interface Isolation {
  /** For the name of a test. */
  readonly words: string
  /** Put before a program and its arguments. */
  readonly command: readonly string[]
  /** What is then certain for the program. */
  readonly facts: { readonly hasNetwork?: false; readonly canWrite?: false }
}

const isRoot = process.getuid?.() === 0
const unshare = ['unshare', ...(isRoot ? [] : ['--map-root-user'])]

/**
 * Shuts a program in as far as this machine lets its user do it: a container may allow less, another system nothing.
 *
 * @param folder may only be read, except its folder `data`, as if that were a volume
 */
export function isolationFor(folder: string): Isolation {
  const loopback = 'ip link set lo up'
  const volume = 'mount --bind "$0" "$0" && mount --bind "$0/data" "$0/data"'
  const readOnly = `${volume} && mount -o remount,bind,ro "$0" && mount -o remount,bind,ro /`
  const run = 'exec "$@"'
  const candidates: Isolation[] = [
    {
      words: 'without a network, on a read-only file system',
      command: [...unshare, '--net', '--mount', 'sh', '-c', [loopback, readOnly, run].join(' && '), folder],
      facts: { hasNetwork: false, canWrite: false },
    },
    {
      words: 'without a network',
      command: [...unshare, '--net', 'sh', '-c', [loopback, run].join(' && '), folder],
      facts: { hasNetwork: false },
    },
  ]
  const open = { words: 'not shut in: this machine does not let it', command: [], facts: {} }
  return candidates.find(works) ?? open
}

function works({ command: [program = '', ...args] }: Isolation): boolean {
  try {
    execFileSync(program, [...args, 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
