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
import { screenWidth } from '../output/screen-width.js'

/** A setting as it is shown. */
interface Row {
  readonly name: string
  readonly value: unknown
  readonly from: Origin
}

/**
 * Prints the configuration that a server would have, and where each value comes from, without secrets.
 *
 * @param chat what answers, as it was named; undefined for what the configuration names
 * @throws CommandError when the configuration is wrong
 */
export async function configCommand(
  chat: string | undefined,
  { json = false, ...flags }: Flags & { readonly json?: boolean | undefined },
  { env, cwd, process, stdout, stderr }: Surroundings,
): Promise<void> {
  const isTerminal = stdout.isTTY === true
  const sources = { flags, env, cwd, chat, moduleEnv: process?.env }
  const effective = await readConfig({ ...sources, isTerminal })
  for (const warning of effective.warnings) stderr.write(`${printable(maskKeys(warning))}\n`)
  const rows = rowsOf(effective)
  if (json) {
    const settings = Object.fromEntries(rows.map(({ name, value, from }) => [name, { value, from }]))
    stdout.write(`${maskKeys(JSON.stringify(settings, null, 2))}\n`)
    return
  }
  const colours = hasColours(stdout, env)
  const cells = rows.map((row) => [row.name, toRead(row), describeOrigin(row.from)])
  const lines = inColumns(cells, screenWidth(stdout))
  const isDefault = rows.map(({ from }) => from.kind === 'default')
  const shown = lines.split('\n').map((line, row) => (isDefault[row] === true ? dim(line, colours) : line))
  stdout.write(maskKeys(shown.join('\n')))
}

function rowsOf({ config, origins, chats, chatOrigin }: EffectiveConfig): readonly Row[] {
  const values = withoutSecrets(config)
  return [
    { name: chatKey, value: chatsToShow(chats), from: chatOrigin },
    ...settingNames.map((name) => ({ name, value: values[name], from: origins[name] })),
  ]
}

/** As a configuration file has it. */
function chatsToShow(chats: EffectiveConfig['chats']): unknown {
  const [only] = chats
  if (only === undefined) return null
  return only.name === null ? only.text : Object.fromEntries(chats.map(({ name, text }) => [name, text]))
}

function toRead({ name, value }: Row): string {
  if (name === chatKey && value === null) return 'the built-in assistant'
  if (name === chatKey && typeof value === 'object' && value !== null)
    return printable(
      Object.entries(value)
        .map((pair) => pair.join('='))
        .join(', '),
    )
  if (Array.isArray(value)) return value.length === 0 ? 'none' : printable(value.join(', '))
  return value === null || (name === 'trustProxy' && value === false)
    ? 'none'
    : printable(`${value as string | number | boolean}`)
}
