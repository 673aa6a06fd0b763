import { spawnSync } from 'node:child_process'
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newFolder } from './talk.fixture.js'

const sdkName = '@agentclientprotocol/sdk'
const source = join(import.meta.dirname, '..')
const packages = join(source, '../node_modules')

/** Lets Node run the source as it is: its imports name what the compiler makes of it. */
const asSource = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  registerHooks({ resolve: (name, context, next) =>
    name.startsWith('.') && context.parentURL?.includes('/src/') ? next(name.replace(/js$/, 'ts'), context) : next(name, context) })`)}`

/** This package where the protocol's library is not installed beside it. What is started says how that went. */
async function withoutSdk() {
  const folder = await newFolder()
  await cp(source, join(folder, 'src'), { recursive: true })
  await mkdir(join(folder, 'node_modules'))
  for (const name of ['@colloquy', 'eventsource-parser'])
    await symlink(join(packages, name), join(folder, 'node_modules', name))
  const cwd = join(folder, 'project')
  await mkdir(join(cwd, 'node_modules/@agentclientprotocol'), { recursive: true })
  const program = `
    const { fromAcp } = await import(${JSON.stringify(join(folder, 'src/acp/index.ts'))})
    const chat = fromAcp({ command: 'no-such-agent', cwd: ${JSON.stringify(cwd)} })
    await chat.start().catch(({ code, message }) => console.log(code + ': ' + message))`
  const inCwd = join(cwd, 'node_modules', sdkName)
  return {
    inCwd,
    start: () => {
      const args = ['--import', asSource, '--input-type=module', '-e', program]
      // Without NODE_PATH, by which it might be found nevertheless.
      const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: {} })
      return stdout.trim() || stderr
    },
  }
}

describe('the library of the protocol', () => {
  it('is not needed to import this, and is named by the start when it is missing', async () => {
    const place = await withoutSdk()
    expect(place.start()).toBe(
      `not_ready: The package ${sdkName} is not installed. Install it: npm install ${sdkName}`,
    )
  })

  it('is taken from the folder of the agent', async () => {
    const place = await withoutSdk()
    await symlink(join(packages, sdkName), place.inCwd)
    expect(place.start()).toMatch(/^not_ready: The agent no-such-agent could not be started: ENOENT/)
  })

  it('that is too old is told from one that is missing', async () => {
    const place = await withoutSdk()
    await mkdir(place.inCwd)
    await writeFile(
      join(place.inCwd, 'package.json'),
      JSON.stringify({ name: sdkName, type: 'module', main: 'a.js' }),
    )
    await writeFile(join(place.inCwd, 'a.js'), 'export class ClientSideConnection {}')
    expect(place.start()).toBe(
      `not_ready: The package ${sdkName} that is installed is too old. Install a newer one: npm install ${sdkName}@latest`,
    )
  })
})
