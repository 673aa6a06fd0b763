import { type Finding, fault, ok, warning } from '../finding.js'
import { type Answer, ask, objectIn } from './ask.js'
import { reasonOf } from './reason-of.js'
import { hostOf, type Target } from './target.js'

/** By how much clocks may differ, in milliseconds: the header has whole seconds, and takes its time. */
const mostSkewMs = 5_000

/** Asks whether a server of this kind answers there. */
export async function checkServer({ url }: Target, signal: AbortSignal): Promise<readonly Finding[]> {
  let answer: Answer
  try {
    answer = await ask(`${url}/health/live`, { signal })
  } catch (error) {
    return [unreachable(url, error)]
  }
  const { status, headers } = answer
  if (status === 200 && objectIn(answer)['status'] === 'live')
    return [ok(`It answers${behind(answer)}.`), clockOf(headers.date)]
  if (status >= 300 && status < 400)
    return [
      fault(
        `${url} leads elsewhere: ${status}, ${headers.location ?? 'without saying where'}.`,
        'Name the address that it leads to: messages are not sent on.',
      ),
    ]
  if (status === 403 && objectIn(answer)['code'] === 'forbidden')
    return [
      fault(
        `The server does not answer to the host name ${hostOf(url)}.`,
        `Start it with --allowed-host ${hostOf(url)}, and let the proxy pass on Host as it came.`,
      ),
    ]
  const what = status >= 502 && status <= 504 ? 'The proxy reaches no server' : 'This is no Colloquy server'
  return [
    fault(
      `${what}: /health/live is answered with ${status}${behind(answer)}.`,
      'Look at --url (its path as well), at where the proxy leads, and whether the server runs.',
    ),
  ]
}

function unreachable(url: string, error: unknown): Finding {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code === 'ECONNREFUSED'
    ? fault(`Nothing listens at ${url}.`, 'Start the server, or look at --url.')
    : fault(
        `${url} can't be asked: ${reasonOf(error)}.`,
        'Look at the address, the network, and any firewall between.',
      )
}

/** What stands in front, as far as it says so: this server names itself to nobody. */
function behind({ headers }: Answer): string {
  const proxy = headers['server'] ?? headers.via
  return proxy === undefined ? '' : `, behind ${String(proxy)}`
}

function clockOf(date: string | undefined): Finding {
  const skew = Date.parse(date ?? '') - Date.now()
  if (Number.isNaN(skew)) return ok('It does not tell its time.')
  if (Math.abs(skew) <= mostSkewMs) return ok('Its clock is that of this machine.')
  const seconds = Math.round(Math.abs(skew) / 1000)
  return warning(
    `Its clock is ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} that of this machine.`,
    'Set the one that is wrong, such as by NTP.',
  )
}
