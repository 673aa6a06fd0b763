import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import { TextOutput } from '../text-output.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'
import { runInit } from './run-init.fixture.js'

/** Where the packages are that a project can ask for. */
const packages = fileURLToPath(new URL('../../..', import.meta.url))
const ofChat = (name: string) => join(packages, 'chat/node_modules', name)
const places: Readonly<Record<string, string>> = {
  colloquy: join(packages, 'cli'),
  '@colloquy/chat': join(packages, 'chat'),
  '@colloquy/session': join(packages, 'session'),
}

/** A project that `colloquy init` wrote, with what it asks for. */
export interface LinkedProject {
  readonly folder: string
  /** Starts one of its scripts, which ends with the test. */
  run(script: string, options?: RunOptions): Running
}

export interface RunOptions {
  /** More arguments. */
  readonly args?: readonly string[]
  /** Its environment, besides the PATH. Default: none. */
  readonly env?: Readonly<Record<string, string>>
}

export interface Running {
  readonly child: ChildProcess
  readonly output: TextOutput
  /** The exit code, and all that was written to stdout and stderr. */
  readonly ended: Promise<{ readonly exitCode: number | null; readonly output: string }>
}

/** Writes a project, and links the packages of the workspace to it, as an installation would put them there. */
export async function linkProject(
  template: string,
  alsoInstalled: readonly string[] = [],
): Promise<LinkedProject> {
  const folder = writeFolder({})
  expect(await runInit(['--template', template], { cwd: folder })).toMatchObject({ exitCode: 0 })
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  const asked = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
  for (const name of [...asked, ...alsoInstalled]) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(places[name] ?? ofChat(name), link)
  }
  return {
    folder,
    run: (script, options = {}) => run(manifest.scripts[script] ?? '', folder, options),
  }
}

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

/** The programs that scripts call. */
const programs: Readonly<Record<string, readonly string[]>> = {
  node: [],
  colloquy: ['node_modules/colloquy/dist/bin.js'],
  tsc: ['node_modules/typescript/bin/tsc'],
}

function run(script: string, cwd: string, { args: more = [], env = {} }: RunOptions): Running {
  const [program = '', ...args] = script.split(' ')
  const child = spawn(process.execPath, [...(programs[program] ?? []), ...args, ...more], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  })
  const output = new TextOutput()
  child.stdout.setEncoding('utf8').on('data', (text) => output.write(text))
  child.stderr.setEncoding('utf8').on('data', (text) => output.write(text))
  return {
    child,
    output,
    ended: once(child, 'close').then(([exitCode]) => ({
      exitCode: exitCode as number | null,
      output: output.text,
    })),
  }
}
