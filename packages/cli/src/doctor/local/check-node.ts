import { hideExperimentalWarning } from '../../loading/hide-experimental-warning.js'
import { tooOldNode } from '../../too-old-node.js'
import { type Finding, fault, ok } from '../finding.js'

/** Looks at the Node that runs this, and at what of it is not in every build. */
export async function checkNode(): Promise<Finding> {
  const { node, sqlite } = process.versions
  const tooOld = tooOldNode(node)
  if (tooOld !== null) return fault(tooOld, 'Install a newer one: https://nodejs.org/en/download')
  try {
    await hideExperimentalWarning('sqlite', () => import('node:sqlite'))
  } catch {
    return fault(
      `Node ${node} has no SQLite: sessions can only be kept in memory.`,
      'Install a Node that was built with it: https://nodejs.org/en/download',
    )
  }
  return ok(`Node ${node}, with SQLite${sqlite === undefined ? '' : ` ${sqlite}`}.`)
}
