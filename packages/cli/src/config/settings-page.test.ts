import { expect, it } from 'vitest'
import { flagOf, variableOf } from './setting-names.js'
import { settingNames } from './settings.js'
import { settingsPage } from './settings-page.fixture.js'

it('the page of all settings is what the table of settings makes of it', async () => {
  await expect(settingsPage()).toMatchFileSnapshot('../../../../docs/settings.md')
})

it('the page of all settings has a row for each of them, and no other', () => {
  const rows = settingsPage().matchAll(/^\| (?:`(--[a-z-]+)`)?.*?\| `(COLLOQUY_\w+)` +\| `(\w+)` +\|.*\|$/gm)
  expect(Array.from(rows, ([, flag, variable, key]) => [flag, variable, key])).toEqual(
    settingNames.map((name) => [name === 'apiKeys' ? undefined : flagOf(name), variableOf(name), name]),
  )
})
