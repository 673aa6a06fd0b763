import { execFile } from 'node:child_process'
import { constants, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { chmod, chown, copyFile, lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Probed, ProbeOrders } from './deployed-server.probe.ts'
import { freePort } from './free-port.ts'
import { isolationFor } from './isolation.ts'
import { allOf, execForm, oneOf, readDockerfile } from './read-dockerfile.ts'
import { readWorkspace, root } from './read-workspace.ts'

const run = promisify(execFile)
const [before, build, final, ...more] = readDockerfile()

describe('the Dockerfile', () => {
  it('has a base that can be chosen, a stage that builds and one that is the image', () => {
    expect(allOf(before, 'ARG')).toEqual(['NODE_IMAGE=node:26-slim'])
    expect([oneOf(build, 'FROM'), oneOf(final, 'FROM')]).toEqual(['${NODE_IMAGE} AS build', '${NODE_IMAGE}'])
    expect(more).toEqual([])
  })

  it('installs what the lockfile says, from the manifests of all packages that the server needs', () => {
    const install = allOf(build, 'RUN').filter((command) => command.includes('install'))
    expect(install.at(-1)).toContain('--frozen-lockfile')
    const copied = allOf(build, 'COPY').flatMap((text) => /^(\S+)\/package\.json /.exec(text)?.[1] ?? [])
    expect(copied.toSorted()).toEqual(neededFolders().toSorted())
  })

  it('copies what is there, and what the .dockerignore lets through', () => {
    const sources = allOf(build, 'COPY').flatMap((text) => text.split(' ').slice(0, -1))
    const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n')
    const isLetThrough = (source: string) =>
      ignored.some((line) => line.startsWith('!') && `${source}/`.startsWith(`${line.slice(1)}/`))
    const named = [
      ...sources.filter((source) => source !== '.'),
      'LICENSE',
      'tsconfig.base.json',
      'tsup.shared.ts',
    ]
    expect(ignored).toContain('*')
    expect(named.filter((source) => !existsSync(join(root, source)) || !isLetThrough(source))).toEqual([])
  })

  it('has no root for a user, no shell before its program, and a health check that has no shell either', () => {
    expect(oneOf(final, 'USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/)
    expect(oneOf(final, 'STOPSIGNAL')).toBe('SIGTERM')
    const volume = oneOf(final, 'VOLUME')
    expect(variablesOf(oneOf(final, 'ENV'))).toMatchObject({ COLLOQUY_DATA_DIR: volume })
    expect(oneOf(final, 'RUN')).toBe(`mkdir --mode=0700 ${volume} && chown ${oneOf(final, 'USER')} ${volume}`)
    const commands = ['ENTRYPOINT', 'CMD', 'HEALTHCHECK'].map((name) => execForm(oneOf(final, name)))
    expect(commands.map(([first]) => first)).toEqual(['node', 'serve', 'node'])
  })
})

describe('the folder that the image holds', () => {
  let parent: string
  let folder: string
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'colloquy-deployed-'))
    await chmod(parent, 0o755) // for the user that it will run as
    folder = join(parent, 'out')
    const commands = allOf(build, 'RUN').filter((command) => command.endsWith(' /out'))
    for (const command of commands) await run('sh', ['-c', command.replace(/\/out$/, folder)], { cwd: root })
  }, 60_000)
  afterAll(() => rm(parent, { recursive: true }))

  it('takes less than 40 MB', async () => {
    const total = (await entriesOf(folder)).reduce((sum, { bytes }) => sum + bytes, 0)
    console.log(`The deployed folder takes ${(total / 1_000_000).toFixed(1)} MB.`)
    expect(total).toBeLessThan(40_000_000)
  })

  it('has the licences, and nothing that only builds, tests or describes', async () => {
    const paths = (await entriesOf(folder)).map(({ path }) => path)
    expect(paths.filter((path) => /\.[cm]?tsx?$|\.map$|\/README|\.test\.|\.fixture\./i.test(path))).toEqual(
      [],
    )
    const tools = devTools()
    expect(tools).toContain('typescript')
    expect(paths.filter((path) => tools.some((name) => path.endsWith(`/node_modules/${name}`)))).toEqual([])
    expect(paths.filter((path) => /\/licen[cs]e/i.test(path)).length).toBeGreaterThan(50)
  })

  it('serves, as the image starts it', async () => {
    const cwd = join(parent, 'srv')
    await mkdir(cwd)
    await chmod(cwd, 0o555)
    const node = join(parent, 'node') // where every user may run it
    await copyFile(process.execPath, node, constants.COPYFILE_FICLONE)
    const data = join(parent, 'data')
    await mkdir(data, { mode: 0o700 })
    const uid = process.getuid?.() === 0 ? 65_534 : null
    if (uid !== null) await chown(data, uid, uid)
    const isolation = isolationFor(parent)
    const [program, ...args] = execForm(oneOf(final, 'ENTRYPOINT'))
    expect(program).toBe('node')
    const [check, ...healthCheck] = execForm(oneOf(final, 'HEALTHCHECK'))
    expect(check).toBe('node')
    const orders: ProbeOrders = {
      node,
      args: [...args, ...execForm(oneOf(final, 'CMD'))].map((arg) => arg.replace('/opt/colloquy', folder)),
      healthCheck,
      env: {
        ...variablesOf(oneOf(final, 'ENV')),
        COLLOQUY_PORT: String(await freePort()),
        COLLOQUY_ALLOW_UNAUTHENTICATED: 'true',
        COLLOQUY_DATA_DIR: data,
      },
      cwd,
      uid,
    }
    const probe = [process.execPath, join(import.meta.dirname, 'deployed-server.probe.ts')]
    const [command, ...rest] = [...isolation.command, ...probe, JSON.stringify(orders)]
    const seen = JSON.parse((await run(command, rest, { cwd: root, env: {} })).stdout) as Probed

    console.log(`It ran ${isolation.words}, with ${(seen.rssBytes / 1_000_000).toFixed(0)} MB of memory.`)
    const user = orders.uid === null ? {} : { uid: orders.uid }
    expect(seen).toMatchObject({ ...isolation.facts, ...user })
    expect(seen.ready).toMatchObject({ status: 200 })
    expect(seen.chat).toMatchObject({ status: 200, body: expect.stringContaining('lookup_products') })
    expect(seen.stream).toMatchObject({ status: 200, body: expect.stringContaining('event: turn.completed') })
    for (const page of [seen.docs, seen.redoc, seen.openapi]) expect(page.status).toBe(200)
    expect(seen.healthCheck).toEqual({ whileItRuns: 0, afterwards: 1 })
    expect([seen.exitCode, seen.stderr]).toEqual([0, ''])
    expect(seen.levels.filter((level) => level >= 50)).toEqual([])
    expect(await readdir(data)).toEqual(['colloquy.db'])
  })

  it('imports and exports sessions with what the image sets, as docs/deployment.md shows it', async () => {
    const cwd = await mkdtemp(join(parent, 'srv-'))
    const data = join(cwd, 'data')
    const session = {
      owner: 'web',
      sessionId: 'sess_1',
      createdAt: Date.now(),
      ttlMs: 3_600_000,
      endsAt: null,
      metadata: {},
      chat: null,
      lastActiveAt: Date.now(),
      state: null,
      messages: [],
      turns: [],
    }
    const lines = [{ format: 'colloquy-sessions', version: 1 }, session].map((line) => JSON.stringify(line))
    writeFileSync(join(cwd, 'sessions.jsonl'), `${lines.join('\n')}\n`)
    const commands = readFileSync(join(root, 'docs/deployment.md'), 'utf8').matchAll(
      /^docker run .* colloquy (sessions (?:import|export)[^>\n]*)/gm,
    )
    const [exporting = [], importing = []] = Array.from(commands, ([, words = '']) => words.trim().split(' '))
    const [, ...args] = execForm(oneOf(final, 'ENTRYPOINT'))
    const env = { ...variablesOf(oneOf(final, 'ENV')), COLLOQUY_DATA_DIR: data }
    const inImage = (words: readonly string[]) =>
      run(process.execPath, [...args.map((arg) => arg.replace('/opt/colloquy', folder)), ...words], {
        cwd,
        env,
      })
    expect((await inImage(importing)).stdout).toBe('Imported 1 session.\n')
    const { stdout, stderr } = await inImage(exporting)
    expect(stderr).toBe('Exported 1 session.\n')
    expect(stdout.trimEnd().split('\n').slice(1)).toEqual([JSON.stringify(session)])
  })
})

/** The folders of the app and of all packages that it is built with. */
function neededFolders(): string[] {
  const all = readWorkspace()
  const needed = new Set(['@colloquy/server-app'])
  for (const name of needed) {
    const found = all.find((one) => one.name === name)
    const names = [...(found?.dependencies ?? []), ...(found?.devDependencies ?? [])]
    for (const dependency of names) if (all.some((one) => one.name === dependency)) needed.add(dependency)
  }
  return all.filter(({ name }) => needed.has(name)).map(({ folder }) => folder)
}

/** What the packages are only built and tested with. Of types, which others bring along, the licences stay. */
function devTools(): string[] {
  const all = readWorkspace()
  const shipped = new Set(all.flatMap(({ name, dependencies }) => [name, ...dependencies]))
  return all
    .flatMap(({ devDependencies }) => devDependencies)
    .filter((name) => !shipped.has(name) && !name.startsWith('@types/'))
}

/** All that is in a folder, with the bytes that it takes on the disk; links are not followed, as `readdir` would. */
async function entriesOf(parent: string): Promise<{ path: string; bytes: number }[]> {
  const entries = await readdir(parent, { withFileTypes: true })
  const found = entries.map(async (entry) => {
    const path = join(parent, entry.name)
    const own = { path, bytes: (await lstat(path)).blocks * 512 }
    return entry.isDirectory() ? [own, ...(await entriesOf(path))] : [own]
  })
  return (await Promise.all(found)).flat()
}

/** `A=1 B=2` as an object. */
function variablesOf(text: string): Record<string, string> {
  return Object.fromEntries(text.split(' ').map((pair) => pair.split('=', 2) as [string, string]))
}
