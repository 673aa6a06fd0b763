import { resolve } from 'node:path'
import { usageError } from '../command-error.js'
import { chooseTemplate } from '../init/choose-template.js'
import { projectName } from '../init/project-name.js'
import { releaseRange } from '../init/release-range.js'
import { isTemplateName, type TemplateName, templateNames, templates } from '../init/templates.js'
import { writeFiles } from '../init/write-files.js'
import type { Surroundings } from '../main-options.js'
import { shown } from '../output/shown.js'

/** The flags of `colloquy init`. */
export interface InitFlags {
  readonly template?: string | undefined
  readonly force?: boolean | undefined
  readonly json?: boolean | undefined
}

/**
 * Writes a new bot to a folder, with a test and a README, and tells what to do next. Which it is to be is asked on a terminal,
 * unless a template is named.
 *
 * @param path of the folder; undefined for the working directory
 * @throws CommandError when there is no such template, files are there already, or they can't be written
 */
export async function initCommand(
  path: string | undefined,
  { template, force = false, json = false }: InitFlags,
  surroundings: Pick<Surroundings, 'stdin' | 'stdout' | 'cwd'>,
): Promise<void> {
  const { stdout, cwd } = surroundings
  // A question would stand before the JSON.
  const isAsked = template === undefined && !json
  const name = isAsked ? await chooseTemplate(surroundings) : checkName(template ?? 'function')
  const folder = resolve(cwd, path ?? '.')
  const files = templates[name].files({ name: projectName(folder), range: releaseRange })
  await writeFiles(files, { folder, shownFolder: path ?? 'This folder', force })
  if (json) stdout.write(`${JSON.stringify({ folder, template: name, files: Object.keys(files) })}\n`)
  else stdout.write(tellNext(folder === resolve(cwd) ? undefined : path, name, Object.keys(files)))
}

function checkName(template: string): TemplateName {
  if (isTemplateName(template)) return template
  throw usageError(
    `There is no template ${shown(template)}. There are: ${templateNames.join(', ')}. Example: colloquy init --template model`,
  )
}

function tellNext(path: string | undefined, name: TemplateName, files: readonly string[]): string {
  const { bot } = templates[name]
  const steps = [
    ...(path === undefined ? [] : [`  cd ${quoted(path)}`]),
    '  npm install',
    '  npm test',
    `  npm run dev                serve ${bot} on http://localhost:8000`,
    '  npx colloquy chat Hello    talk to it, in another terminal',
  ]
  return `Wrote ${files.join(', ')}${path === undefined ? '' : ` to ${path}`}.\n\nNext:\n\n${steps.join('\n')}\n`
}

/** A path as a shell reads it. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) && !path.startsWith('-') ? path : `'${path.replaceAll("'", "'\\''")}'`
}
