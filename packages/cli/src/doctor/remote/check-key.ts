import { isLoopback } from '@colloquy/server'
import { version } from '../../version.js'
import { type Finding, fault, ok, unchecked, warning } from '../finding.js'
import { type Answer, ask, objectIn } from './ask.js'
import { hostOf, type Target } from './target.js'

/** Whether this caller is let in, and what the server says to those. */
export interface Entrance {
  readonly key: Finding
  /** Undefined where nobody is let in. */
  readonly version?: Finding
}

/** Asks for the status, without the key and with it: who is let in, and which version it is. */
export async function checkKey(target: Target, signal: AbortSignal): Promise<Entrance> {
  const { url, headers } = target
  const open = await ask(`${url}/api/v1/status`, { signal })
  if (open.status === 200) return { key: await openFinding(target), version: versionOf(open) }
  if (open.status !== 401) return { key: unchecked(`/api/v1/status is answered with ${open.status}.`) }
  if (headers['Authorization'] === undefined)
    return {
      key: fault('The server wants a key, and there is none.', 'Give it in the variable COLLOQUY_API_KEY.'),
    }
  const known = await ask(`${url}/api/v1/status`, { headers, signal })
  if (known.status === 200) return { key: ok('The key is known.'), version: versionOf(known) }
  if (known.status !== 401) return { key: unchecked(`/api/v1/status is answered with ${known.status}.`) }
  return {
    key: fault(
      'The server does not know the key of COLLOQUY_API_KEY.',
      'Make one there: colloquy keys create web-shop --file keys.txt. A proxy has to pass on Authorization.',
    ),
  }
}

async function openFinding({ url, headers }: Target): Promise<Finding> {
  const hasKey = headers['Authorization'] !== undefined
  const found = `The server wants no key${hasKey ? ', though one was given' : ''}.`
  if (await isLoopback(hostOf(url)).catch(() => false)) return ok(found)
  return warning(
    `${found} Whoever reaches it can chat, and read every session.`,
    'Start it with --api-keys-file; colloquy keys create makes a key.',
  )
}

function versionOf(answer: Answer): Finding {
  const theirs = objectIn(answer)['version']
  const ours = version()
  if (theirs === ours) return ok(`Version ${ours}, as here.`)
  const found = `Version ${String(theirs)}; this command is ${ours}.`
  const isLike = typeof theirs === 'string' && theirs.split('.')[0] === ours.split('.')[0]
  return isLike ? ok(found) : warning(found, 'Use the command of that version: npx colloquy@<version>.')
}
