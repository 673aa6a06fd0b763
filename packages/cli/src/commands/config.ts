import { describeOrigin, type Origin } from '../config/origin.js'
import { type EffectiveConfig, type Flags, readConfig } from '../config/read-config.js'
import { settingNames } from '../config/settings.js'
import { chatKey } from '../config/unknown-keys.js'
import { withoutSecrets } from '../config/without-secrets.js'
import type { Surroundings } from '../main-options.js'
import { dim, hasColours } from '../output/colours.js'
import { inColumns } from '../output/in-columns.js'
import { maskKeys } from '../output/mask-keys.js'
import { printable } from '../output/printable.js'

/** A setting as it is shown. */
interface Row {
  readonly name: string
  readonly value: unknown
  readonly from: Origin
}

/**
 * Prints the configuration that a server would have, and where each value comes from, without secrets.
 *
 * @param path of the chat interface's module; undefined for the one that the configuration names
 * @throws CommandError when the configuration is wrong
 */
export async function configCommand(
  path: string | undefined,
  { json = false, ...flags }: Flags & { readonly json?: boolean | undefined },
  { env, cwd, process, stdout, stderr }: Surroundings,
): Promise<void> {
  const isTerminal = stdout.isTTY === true
  const sources = { flags, env, cwd, module: path, moduleEnv: process?.env }
  const effective = await readConfig({ ...sources, isTerminal })
  for (const warning of effective.warnings) stderr.write(`${printable(maskKeys(warning))}\n`)
  const rows = rowsOf(effective)
  if (json) {
    const settings = Object.fromEntries(rows.map(({ name, value, from }) => [name, { value, from }]))
    stdout.write(`${maskKeys(JSON.stringify(settings, null, 2))}\n`)
    return
  }
  const colours = hasColours(stdout, env)
  const lines = inColumns(rows.map((row) => [row.name, toRead(row), describeOrigin(row.from)]))
  const isDefault = rows.map(({ from }) => from.kind === 'default')
  const shown = lines.split('\n').map((line, row) => (isDefault[row] === true ? dim(line, colours) : line))
  stdout.write(maskKeys(shown.join('\n')))
}

function rowsOf({ config, origins, module, moduleOrigin }: EffectiveConfig): readonly Row[] {
  const values = withoutSecrets(config)
  return [
    { name: chatKey, value: module?.path ?? null, from: moduleOrigin },
    ...settingNames.map((name) => ({ name, value: values[name], from: origins[name] })),
  ]
}

function toRead({ name, value }: Row): string {
  if (name === chatKey && value === null) return 'the built-in assistant'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : printable(value.join(', '))
  return value === null || (name === 'trustProxy' && value === false)
    ? 'none'
    : printable(`${value as string | number | boolean}`)
}
