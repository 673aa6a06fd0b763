import type { EffectiveConfig } from '../../config/read-config.js'
import { type Finding, ok, unchecked, warning } from '../finding.js'

/** How many files a server has open besides its connections, at most and roughly. */
const ownFiles = 100

/** Compares how many files may be open with how many turns may have a reader: each of these is a connection. */
export async function checkOpenFiles(
  { config }: EffectiveConfig,
  limitOf: () => number | 'unlimited' | undefined = openFileLimit,
): Promise<Finding> {
  const limit = limitOf()
  if (limit === undefined) return unchecked('This system does not say how many files may be open.')
  if (limit === 'unlimited') return ok('Any number of files may be open.')
  const readers = Math.max(limit - ownFiles, 0)
  const found = `${limit} files may be open: about ${readers} connections at once`
  if (readers >= config.maxTurns) return ok(`${found}.`)
  return warning(
    `${found}, and --max-turns lets ${config.maxTurns} turns run.`,
    `Raise it: ulimit -n 65536 in the shell, LimitNOFILE=65536 in a unit of systemd; or lower --max-turns.`,
  )
}

/** The limit of this process, which Node has raised as far as it may. */
function openFileLimit(): number | 'unlimited' | undefined {
  // Otherwise it would look up the names of all addresses.
  const report: typeof process.report & { excludeNetwork?: boolean } = process.report
  report.excludeNetwork = true
  const { userLimits } = report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft?: number | 'unlimited' } }
  }
  return userLimits?.open_files?.soft
}
