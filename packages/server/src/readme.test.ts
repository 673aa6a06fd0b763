import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

/** The names of the options that an interface has, by its source. */
function optionsOf(source: string, name: string): string[] {
  const [body = ''] = new RegExp(`interface ${name}\\b.*?^}`, 'ms').exec(read(source)) ?? []
  return Array.from(body.matchAll(/^ {2}readonly (\w+)\??:/gm), ([, option = '']) => option)
}

it('the README has every option of an app and of a server, and no other', () => {
  const [table = ''] = /^\| option .*?\n\n/ms.exec(read('../README.md')) ?? []
  const rows = table.split('\n').map((row) => row.split('|')[1] ?? '')
  const documented = rows.flatMap((cell) => Array.from(cell.matchAll(/`(\w+)`/g), ([, name = '']) => name))
  const options = [...optionsOf('create-app.ts', 'AppOptions'), ...optionsOf('serve.ts', 'ServeOptions')]
  expect(options.length).toBeGreaterThan(15)
  expect(documented.toSorted()).toEqual(options.toSorted())
})
