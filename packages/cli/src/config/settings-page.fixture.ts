import { accepted, defaultOf } from './describe-setting.js'
import type { Setting } from './setting.js'
import { flagOf, oppositeFlagOf, variableOf } from './setting-names.js'
import { type SettingName, settingGroups, settings } from './settings.js'

/** The page of all settings, `docs/settings.md`, made of the table that the command reads them by. */
export function settingsPage(): string {
  return `${intro}\n${settingGroups.map(({ title, names }) => sectionOf(title, names)).join('\n')}`
}

const intro = `# All settings of \`colloquy serve\`

<!-- Made from packages/cli/src/config/settings; change it there. CONTRIBUTING.md says how it is made again. -->

A setting can be given as a flag, as an environment variable, or by its key in the configuration file; a flag wins over a
variable, a variable over the file, and the file over the default. What else there is to know about them, and about
\`--config\`, \`--env-file\` and the key \`chat\`, is in the [README of the command](../packages/cli/README.md#configuration);
\`colloquy config\` shows which values count, and where each comes from.

In flags and variables, a list is written with commas, or its flag is given several times; a switch is \`true\`, \`false\`,
\`1\` or \`0\` in a variable, and has two flags. A variable
that is empty counts as not set. In the file, values are numbers, booleans, strings and lists of strings.
`

function sectionOf(title: string, names: readonly SettingName[]): string {
  return `## ${title}\n\n${tableOf([
    ['Flag', 'Variable', 'Key in the file', 'Default', 'Values', 'Meaning'],
    ...names.map(rowOf),
  ])}`
}

function rowOf(name: SettingName): readonly string[] {
  const setting: Setting = settings[name]
  return [
    flagsOf(name, setting),
    `\`${variableOf(name)}\``,
    `\`${name}\``,
    defaultOf(setting),
    accepted(setting).replace(', separated by commas', ''),
    setting.description,
  ]
}

function flagsOf(name: SettingName, { kind, flag }: Setting): string {
  if (flag === false) return 'none: arguments can be read by others'
  const own = flagOf(name)
  return kind === 'switch' ? `\`${own}\`, \`${oppositeFlagOf(name)}\`` : `\`${own}\``
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  const [first = '', ...others] = rows.map((row) =>
    line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))),
  )
  return first + line(widths.map((width) => '-'.repeat(width))) + others.join('')
}
