import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** What is read of a manifest. */
interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly license?: string
}

/** What is used of esbuild's `PluginBuild`. */
interface Build {
  readonly initialOptions: { metafile?: boolean }
  onEnd(act: (result: { metafile?: { inputs: Readonly<Record<string, unknown>> } }) => void): void
}

/**
 * Writes down under which licences is what was put into the built files: the licences ask for that.
 *
 * @param path of the file, from the folder of the build
 * @throws Error when a package does not tell its licence: the build fails
 */
export function listLicences(path: string): { readonly name: string; setup(build: Build): void } {
  return {
    name: 'list-licences',
    setup(build) {
      build.initialOptions.metafile = true // and tsup writes none, since it was not asked to
      build.onEnd(({ metafile }) => {
        const folders = Object.keys(metafile?.inputs ?? {}).flatMap((input) => folderOf(input) ?? [])
        const texts = [...new Set(folders)].map(licenceIn).sort()
        writeFileSync(path, texts.join(`\n${'-'.repeat(80)}\n\n`))
      })
    },
  }
}

/** The folder of the installed package that a file is of; null for our own. */
function folderOf(file: string): string | null {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(resolve(file))?.[0] ?? null
}

function licenceIn(folder: string): string {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Manifest
  const file = readdirSync(folder).find((name) => /^(?:licen[cs]e|copying)/i.test(name))
  const notice = join(folder, 'NOTICE')
  if (file === undefined && license === undefined) throw new Error(`${name} does not tell its licence.`)
  return [
    `${name} ${version}${license === undefined ? '' : ` (${license})`}\n`,
    ...(file === undefined ? [] : [readFileSync(join(folder, file), 'utf8').trim(), '']),
    ...(existsSync(notice) ? [readFileSync(notice, 'utf8').trim(), ''] : []),
  ].join('\n')
}
