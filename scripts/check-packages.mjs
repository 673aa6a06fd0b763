// Checks every published package as its users get it: packs it, has publint and attw look at the tarball, installs all
// tarballs in an empty project outside of the workspace, and imports every entry point from ESM and by require.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const bin = (name) => join(root, 'node_modules/.bin', name)
const work = mkdtempSync(join(tmpdir(), 'colloquy-packages-'))
const results = { passed: 0, failed: 0 }

/** Runs one check; a failing one is shown and counted, and the others go on. */
function check(what, run) {
  try {
    run()
    results.passed += 1
    console.log(`ok      ${what}`)
  } catch (error) {
    results.failed += 1
    console.log(
      `FAILED  ${what}\n${error.stdout ?? ''}${error.stderr ?? ''}${error.stdout === undefined ? error.message : ''}`,
    )
  }
}

/** Cleans up, tells the results, and ends. */
function finish() {
  rmSync(work, { recursive: true })
  console.log(`packages: ${results.passed} passed, ${results.failed} failed`)
  mkdirSync(join(root, '.cache'), { recursive: true })
  writeFileSync(join(root, '.cache/package-results.json'), JSON.stringify(results))
  process.exit(results.failed > 0 || results.passed === 0 ? 1 : 0)
}

const run = (command, args, cwd) => execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' })

const packages = readdirSync(join(root, 'packages'))
  .map((folder) => {
    const path = join(root, 'packages', folder)
    return { path, json: JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) }
  })
  .filter(({ json }) => json.private !== true)

for (const pkg of packages) {
  const { path, json } = pkg
  check(`${json.name}: packs`, () => {
    const [packed] = [
      JSON.parse(run(bin('pnpm'), ['pack', '--json', '--pack-destination', work], path)),
    ].flat()
    pkg.tarball = resolve(work, packed.filename)
    const odd = packed.files
      .map((file) => file.path)
      .filter((file) => /\.(test|fixture)\.|(^|\/)src\//.test(file))
    if (odd.length > 0) throw new Error(`the tarball has ${odd.join(', ')}`)
  })
  if (pkg.tarball === undefined) continue
  check(`${json.name}: publint`, () => run(bin('publint'), ['run', pkg.tarball, '--strict'], path))
  check(`${json.name}: attw`, () => run(bin('attw'), [pkg.tarball, '--profile', 'esm-only'], path))
}

// Without one of them nothing can be installed: its name would be looked up in a registry.
const unpacked = packages.filter(({ tarball }) => tarball === undefined).map(({ json }) => json.name)
if (unpacked.length > 0) {
  console.log(`nothing was installed and imported, since there is no tarball of ${unpacked.join(', ')}`)
  finish()
}

const tarballs = Object.fromEntries(packages.map(({ json, tarball }) => [json.name, `file:${tarball}`]))

/** The version of a package that the workspace has. */
function versionOf(name) {
  const catalog = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  const line = catalog
    .split('\n')
    .find((line) => line.startsWith(`  ${name}: `) || line.startsWith(`  "${name}": `))
  return line.split(': ')[1]
}

/** Installs these in an empty project. @returns its folder */
function install(name, dependencies) {
  const folder = join(work, name)
  // Their dependencies on each other are versions that no registry has: the overrides give them the tarballs.
  const overrides = Object.entries(tarballs).map(([name, file]) => `  "${name}": "${file}"\n`)
  run('mkdir', [folder], work)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, dependencies }))
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), `overrides:\n${overrides.join('')}pmOnFail: ignore\n`)
  run(bin('pnpm'), ['install', '--prefer-offline', '--no-frozen-lockfile'], folder)
  return folder
}

const alone = join(work, 'alone')
check('@colloquy/chat installs alone, without what only some chats need', () => {
  install('alone', { '@colloquy/chat': tarballs['@colloquy/chat'] })
  const installed = readdirSync(join(alone, 'node_modules/.pnpm'))
  const peers = installed.filter((name) => /^(ai@|@ai-sdk\+|@agentclientprotocol\+)/.test(name))
  if (peers.length > 0) throw new Error(`it brings ${peers.join(', ')}`)
})
check('what is installed alone is imported, and says what is missing when it is used', () => {
  const script = `
    import * as root from '@colloquy/chat'
    import '@colloquy/chat/process'
    import '@colloquy/chat/http'
    import { loadModel } from '@colloquy/chat/ai-sdk'
    const missing = await loadModel('openai/x', { apiKey: 'x' }).catch((error) => error)
    if (missing.code !== 'missing_package' || !missing.message.includes('npm install ai @ai-sdk/openai')) throw missing`
  run(process.execPath, ['--input-type=module', '-e', script], alone)
})

const project = join(work, 'project')
const peers = packages.flatMap(({ json }) => Object.keys(json.peerDependencies ?? {}))
check('all tarballs install in an empty project, with what some of their entry points need', () => {
  const others = ['@types/node', ...peers].map((name) => [name, versionOf(name)])
  // The declarations of the AI SDK ask for it, and don't bring it.
  install('project', { ...tarballs, ...Object.fromEntries(others), '@types/json-schema': '^7.0.15' })
})

const entries = packages.flatMap(({ json }) =>
  Object.keys(json.exports)
    .filter((entry) => entry !== './package.json')
    .map((entry) => json.name + entry.slice(1)),
)
for (const entry of entries) {
  const script = `const names = Object.keys(found); if (!Array.isArray(names)) process.exit(1)`
  check(`import '${entry}'`, () => {
    run(
      process.execPath,
      ['--input-type=module', '-e', `const found = await import('${entry}'); ${script}`],
      project,
    )
  })
  check(`require('${entry}')`, () => {
    run(
      process.execPath,
      ['--input-type=commonjs', '-e', `const found = require('${entry}'); ${script}`],
      project,
    )
  })
}

check('every declaration compiles, strict and with nothing skipped', () => {
  const lines = entries.map((entry, n) => `import * as entry${n} from '${entry}'\nexport { entry${n} }\n`)
  writeFileSync(join(project, 'all.mts'), lines.join(''))
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2024', 'dom'],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
  }
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['all.mts'] }))
  run(bin('tsc'), ['-p', 'tsconfig.json'], project)
})

check('npx colloquy --help', () => {
  const help = run(join(project, 'node_modules/.bin/colloquy'), ['--help'], project)
  if (!help.includes('serve')) throw new Error(`the help says: ${help}`)
})

finish()
