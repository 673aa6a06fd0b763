import { mkdtemp, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describeFileError } from '../../files/describe-file-error.js'
import { type Finding, fault } from '../finding.js'

/** Makes something in a folder, and takes it away again; a fault where that can't be done. */
export async function tryFolder(folder: string): Promise<Finding | undefined> {
  try {
    await rmdir(await mkdtemp(join(folder, '.colloquy-doctor-')))
    return undefined
  } catch (error) {
    return fault(
      `Nothing can be written in ${folder}. ${describeFileError(error, folder)}`,
      'Give this user the right to write there, or name another place: --data-dir data',
    )
  }
}
