import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashApiKey } from '@colloquy/server'
import { describe, expect, it } from 'vitest'
import { runMain } from '../run-main.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'

const keyPattern = /clq_[\w-]{43}/
const one = `one:${'1a2b3c4d'.repeat(8)}`
const two = `one:${'1a2bffff'.repeat(8)}`
const other = `other:${'99887766'.repeat(8)}`

/** A folder with a file of keys, and how to call the command there. */
function keysIn(text?: string) {
  const cwd = writeFolder(text === undefined ? {} : { 'keys.txt': text })
  return {
    cwd,
    path: join(cwd, 'keys.txt'),
    keys: (...argv: string[]) => runMain(['keys', ...argv], { cwd }),
    inFile: (...argv: string[]) => runMain(['keys', ...argv, '--file', 'keys.txt'], { cwd }),
    text: () => readFileSync(join(cwd, 'keys.txt'), 'utf8'),
  }
}

describe('colloquy keys create', () => {
  it('shows a key and its entry, and writes nothing', async () => {
    const { keys, cwd } = keysIn()
    const { exitCode, stdout, stderr } = await keys('create', 'web-shop')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const [key = ''] = keyPattern.exec(stdout) ?? []
    expect(stdout.startsWith(`${key}\n`)).toBe(true)
    expect(stdout.endsWith(`\nweb-shop:${hashApiKey(key)}\n`)).toBe(true)
    expect(stdout).toContain('COLLOQUY_API_KEYS')
    expect(readdirSync(cwd)).toEqual([])
  })

  it('adds the entry to a new file, for its owner only, without the key', async () => {
    const { cwd, path, inFile, text } = keysIn()
    const { exitCode, stdout } = await inFile('create', 'web-shop')
    expect(exitCode).toBe(0)
    const [key = ''] = keyPattern.exec(stdout) ?? []
    expect(text()).toBe(`web-shop:${hashApiKey(key)}\n`)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(cwd)).toEqual(['keys.txt'])
  })

  it('keeps what is in the file, its comments, and its mode', async () => {
    const before = `# of the shop\n\n${one}`
    const { cwd, path, inFile, text } = keysIn(before)
    chmodSync(path, 0o640)
    await inFile('create', 'web-shop')
    expect(text()).toMatch(/^# of the shop\n\none:[\da-f]{64}\nweb-shop:[\da-f]{64}\n$/)
    expect(text().startsWith(`${before}\n`)).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o640)
    expect(readdirSync(cwd)).toEqual(['keys.txt'])
  })

  it('writes through a link, which stays one', async () => {
    const { cwd, inFile } = keysIn()
    writeFileSync(join(cwd, 'real.txt'), '')
    symlinkSync('real.txt', join(cwd, 'keys.txt'))
    expect(await inFile('create', 'web-shop')).toMatchObject({ exitCode: 0 })
    expect(readFileSync(join(cwd, 'real.txt'), 'utf8')).toMatch(/^web-shop:/)
    expect(readdirSync(cwd, { withFileTypes: true }).map((file) => file.isSymbolicLink())).toEqual([
      true,
      false,
    ])
  })

  it('refuses a name that is there, unless it is to have a second key', async () => {
    const { inFile, text } = keysIn(`${one}\n`)
    expect(await inFile('create', 'one')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'keys.txt has a key one already. Choose another name, or add a second key of this one: ' +
        'colloquy keys create one --rotate --file keys.txt\n',
    })
    expect(text()).toBe(`${one}\n`)
    const { exitCode, stdout } = await inFile('create', 'one', '--rotate')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('Both keys of one work until the old one is revoked')
    expect(text()).toBe(`${one}\none:${hashApiKey(keyPattern.exec(stdout)?.[0] ?? '')}\n`)
  })

  it('rotates only what is there', async () => {
    expect(await keysIn(`${one}\n`).inFile('create', 'tow', '--rotate')).toMatchObject({
      exitCode: 2,
      stderr: 'keys.txt has no key tow to rotate. Without --rotate, a new one is made.\n',
    })
    expect(await keysIn().keys('create', 'one', '--rotate')).toMatchObject({
      exitCode: 2,
      stderr: '--rotate needs the file that has the key. Example: --rotate --file keys.txt\n',
    })
  })

  it('prints JSON for programs', async () => {
    const { keys, inFile, text } = keysIn()
    const made = JSON.parse((await keys('create', 'a', '--json')).stdout) as Record<string, string>
    expect(made).toEqual({
      name: 'a',
      key: made['key'],
      entry: `a:${hashApiKey(made['key'] ?? '')}`,
      file: null,
    })
    const kept = JSON.parse((await inFile('create', 'a', '--json')).stdout) as Record<string, string>
    expect(kept).toMatchObject({ name: 'a', file: 'keys.txt' })
    expect(text()).toBe(`${kept['entry']}\n`)
  })

  it.each(['two words', 'a:b', '', 'x'.repeat(65), `clq_${'x'.repeat(43)}`])(
    'refuses the name %j',
    async (name) => {
      const { inFile, cwd } = keysIn()
      const { exitCode, stdout, stderr } = await inFile('create', name)
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
      expect(stderr).toContain("can't be the name of a key")
      expect(stderr).not.toContain('clq_x')
      expect(readdirSync(cwd)).toEqual([])
    },
  )

  it('makes no key that can not be kept', async () => {
    const { keys } = keysIn()
    const { exitCode, stdout, stderr } = await keys('create', 'a', '--file', 'no/such/folder/keys.txt')
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toMatch(/^The keys could not be written\. There is no folder .*\/no\/such\/folder\.\n$/)
  })

  it('leaves a file alone that has wrong lines, and shows nothing of them', async () => {
    const wrong = `${one}\nmy-secret-key\n# fine\nclq_another\n`
    const { inFile, text } = keysIn(wrong)
    expect(await inFile('create', 'a')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'keys.txt: the lines 2, 4 are wrong. A line is name:sha256hex, blank, or a comment that begins with #.\n',
    })
    expect(text()).toBe(wrong)
  })
})

describe('colloquy keys list', () => {
  it('shows the names, and as much of each hash as tells it from another', async () => {
    const { inFile } = keysIn(`# keys\n${one}\n\n  ${other}  \r\n${two}\n`)
    expect(await inFile('list')).toEqual({
      exitCode: 0,
      stdout: 'one    1a2b3c4d\nother  99887766\none    1a2bffff\n',
      stderr: '',
    })
    expect(JSON.parse((await inFile('list', '--json')).stdout)).toEqual([
      { name: 'one', hash: '1a2b3c4d' },
      { name: 'other', hash: '99887766' },
      { name: 'one', hash: '1a2bffff' },
    ])
  })

  it('says that there is none in a file without keys', async () => {
    const { inFile } = keysIn('# nothing yet\n')
    expect((await inFile('list')).stdout).toBe('There is no key in keys.txt.\n')
    expect((await inFile('list', '--json')).stdout).toBe('[]\n')
  })

  it('takes the file that a server is told of, unless another is named', async () => {
    const { cwd } = keysIn(`${one}\n`)
    const env = { COLLOQUY_API_KEYS_FILE: 'keys.txt' }
    expect((await runMain(['keys', 'list'], { cwd, env })).stdout).toBe('one  1a2b3c4d\n')
    const missing = await runMain(['keys', 'list', '--file', 'gone.txt'], { cwd, env })
    expect(missing).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'There is no file gone.txt. A first key makes it. Example: colloquy keys create web-shop --file gone.txt\n',
    })
  })

  it.each([
    [{}, [], 'Name the file of keys, or set COLLOQUY_API_KEYS_FILE. Example: --file keys.txt\n'],
    [{}, ['--file', ''], '--file: "" names no file. Example: --file keys.txt\n'],
    [
      { COLLOQUY_API_KEYS_FILE: ' ' },
      [],
      'COLLOQUY_API_KEYS_FILE: " " names no file. Example: --file keys.txt\n',
    ],
  ])('needs a file: %j %j', async (env, argv, stderr) => {
    expect(await runMain(['keys', 'list', ...argv], { env, cwd: writeFolder({}) })).toEqual({
      exitCode: 2,
      stdout: '',
      stderr,
    })
  })

  it('can not list a folder', async () => {
    const { cwd, keys } = keysIn()
    expect(await keys('list', '--file', cwd)).toMatchObject({
      exitCode: 1,
      stderr: `${cwd} is a directory.\n`,
    })
  })
})

describe('colloquy keys revoke', () => {
  const all = `# keys\n${one}\n${other}\r\n${two}\n`

  it('takes all keys of a name out of the file, and nothing else', async () => {
    const { inFile, text } = keysIn(all)
    expect(await inFile('revoke', 'one')).toEqual({
      exitCode: 0,
      stdout: 'Revoked one 1a2b3c4d in keys.txt.\nRevoked one 1a2bffff in keys.txt.\n',
      stderr: '',
    })
    expect(text()).toBe(`# keys\n${other}\n`)
  })

  it('takes the one out whose hash begins as given', async () => {
    const { inFile, text } = keysIn(all)
    const { stdout } = await inFile('revoke', 'one', '--hash', '1A2B3C', '--json')
    expect(JSON.parse(stdout)).toEqual([{ name: 'one', hash: '1a2b3c4d' }])
    expect(text()).toBe(`# keys\n${other}\n${two}\n`)
  })

  it.each([
    [['tow'], 'keys.txt has no key of this name. Those it has: colloquy keys list --file keys.txt'],
    [
      ['one', '--hash', '99887766'],
      '--hash: no key of one begins so. Those of this name: 1a2b3c4d, 1a2bffff',
    ],
    [
      ['one', '--hash', '1a2b'],
      '--hash: more than one key of one begins so. Those of this name: 1a2b3c4d, 1a2bffff',
    ],
    [
      ['one', '--hash', '1a2'],
      '--hash: the beginning of the hash, as colloquy keys list shows it, has 4 to 64 digits',
    ],
    [
      ['one', '--hash', 'keys'],
      '--hash: the beginning of the hash, as colloquy keys list shows it, has 4 to 64 digits',
    ],
  ])('refuses %j, and changes nothing', async (argv, message) => {
    const { inFile, text } = keysIn(all)
    const { exitCode, stdout, stderr } = await inFile('revoke', ...argv)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(text()).toBe(all)
  })

  it('does not repeat a key that was taken for its name', async () => {
    const key = `clq_${'x'.repeat(43)}`
    expect((await keysIn(all).inFile('revoke', key)).stderr).not.toContain('xxx')
  })
})
