import { writeFile } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import { failure } from '../command-error.js'
import { describeFileError } from '../files/describe-file-error.js'
import type { Surroundings } from '../main-options.js'
import { writeText } from '../output/write-text.js'
import type { ServerFlags } from '../server-connection/connect.js'
import { fetchDocument } from '../server-connection/fetch-document.js'
import { withServer } from '../server-connection/with-server.js'
import { version } from '../version.js'

/** The flags of `colloquy openapi`. */
export interface OpenapiFlags extends ServerFlags {
  readonly yaml?: boolean | undefined
  readonly output?: string | undefined
}

/**
 * Writes the OpenAPI document of this version's server, as one with keys and usual limits serves it; or, with a URL, that of
 * the server there.
 *
 * @throws CommandError when the server does not give it, or the file can't be written
 */
export async function openapiCommand(
  { yaml, output, ...flags }: OpenapiFlags,
  surroundings: Surroundings,
): Promise<void> {
  const { stdout, stderr, cwd, signal } = surroundings
  const document =
    flags.url === undefined
      ? await ownDocument()
      : await withServer(flags, surroundings, (connection) => fetchDocument(connection, signal))
  const isYaml = yaml ?? (output !== undefined && ['.yaml', '.yml'].includes(extname(output)))
  const text = isYaml ? await yamlOf(document) : `${JSON.stringify(document, null, 2)}\n`
  if (output === undefined) {
    await writeText(stdout, text)
    return
  }
  await writeFile(resolve(cwd, output), text).catch((cause: unknown) => {
    throw failure(`--output: ${reasonOf(cause, output)}`, cause)
  })
  stderr.write(`Wrote ${output}.\n`)
}

function reasonOf(error: unknown, file: string): string {
  const isLost = (error as NodeJS.ErrnoException).code === 'ENOENT'
  return isLost ? `There is no folder ${dirname(file)}. Make it first.` : describeFileError(error, file)
}

async function ownDocument(): Promise<object> {
  const { createOpenApiDocument } = await import('@colloquy/contract/openapi')
  return createOpenApiDocument({ title: 'colloquy', version: version() })
}

async function yamlOf(document: object): Promise<string> {
  const { yamlText } = await import('../output/yaml-text.js')
  return yamlText(document)
}
