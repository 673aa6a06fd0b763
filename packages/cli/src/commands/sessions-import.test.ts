import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionExport } from '@colloquy/session'
import { describe, expect, it } from 'vitest'
import { runMain } from '../run-main.fixture.js'
import { type StoreFolder, storeFolder } from '../sessions/store-file.fixture.js'

const header = '{"format":"colloquy-sessions","version":1}'

/** A folder with a store, and an export of it that is to be imported. */
async function exportOf(wanted: Parameters<typeof storeFolder>[0]) {
  const folder = await storeFolder(wanted)
  await folder.sessions('export', '--output', 'out.jsonl')
  const path = join(folder.cwd, 'out.jsonl')
  const lines = () => readFileSync(path, 'utf8').trimEnd().split('\n')
  const sessions = lines()
    .slice(1)
    .map((line) => JSON.parse(line) as SessionExport)
  return { ...folder, output: path, lines, all: sessions, ...importing(folder) }
}

function importing({ cwd }: StoreFolder) {
  const imported = (...argv: string[]) => runMain(['sessions', 'import', ...argv], { cwd })
  return {
    imported,
    /** Imports these lines into a new store. */
    importLines: (...lines: readonly string[]) => {
      writeFileSync(join(cwd, 'edited.jsonl'), lines.map((line) => `${line}\n`).join(''))
      return imported('edited.jsonl', '--data-dir', 'other')
    },
    other: join(cwd, 'other/colloquy.db'),
  }
}

describe('colloquy sessions import', () => {
  it('brings everything into another store, whose export is the same', async () => {
    const { imported, lines, cwd } = await exportOf({ 'web-shop': [2, 0], '': [1] })
    expect(await imported('out.jsonl', '--data-dir', 'other')).toEqual({
      exitCode: 0,
      stdout: 'Imported 3 sessions.\n',
      stderr: '',
    })
    const again = await runMain(['sessions', 'export', '--data-dir', 'other'], { cwd })
    expect(again.stdout.trimEnd().split('\n').slice(1)).toEqual(lines().slice(1))
  })

  it('makes the store where there is none, for its owner only', async () => {
    const { imported, cwd, other } = await exportOf({ 'web-shop': [1] })
    await imported('out.jsonl', '--data-dir', 'other')
    expect(statSync(join(cwd, 'other')).mode & 0o777).toBe(0o700)
    expect(statSync(other).mode & 0o777).toBe(0o600)
  })

  it('adds to what is there', async () => {
    const { imported, exported } = await exportOf({ 'web-shop': [1] })
    const more = await exportOf({ 'mail-bot': [1, 2] })
    expect(await imported(more.output, '--data-dir', 'data')).toMatchObject({ exitCode: 0 })
    expect((await exported()).map(({ owner }) => owner).sort()).toEqual(['mail-bot', 'mail-bot', 'web-shop'])
  })

  it('ends what was live, as a server does that finds it', async () => {
    const { importLines, all, exported, other } = await exportOf({ 'web-shop': [1] })
    const [session] = all as [SessionExport]
    const turn = session.turns[0]
    const live = {
      ...session,
      messages: session.messages.slice(0, 1),
      turns: [
        {
          ...turn,
          status: 'running',
          endedAt: null,
          ended: null,
          events: turn?.events.slice(0, -1),
          functionsCalled: [],
        },
      ],
    }
    expect(await importLines(header, JSON.stringify(live))).toMatchObject({ exitCode: 0 })
    const [imported] = await exported(other)
    expect(imported?.turns.map(({ status, events }) => [status, events.at(-1)])).toEqual([
      ['interrupted', expect.objectContaining({ reason: 'restart', content: 'You said: line\u20281' })],
    ])
    expect(imported?.messages[1]).toMatchObject({ status: 'partial', content: 'You said: line\u20281' })
  })

  it('imports nothing when sessions are there already, and says which', async () => {
    const { imported, sessions, exported, all } = await exportOf({ 'web-shop': [1, 1] })
    const [first, second] = all as [SessionExport, SessionExport]
    await sessions('delete', '--session', first.sessionId, '--yes')
    const { exitCode, stdout, stderr } = await imported('out.jsonl', '--data-dir', 'data')
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toBe(
      `A line of out.jsonl can't be imported, so nothing was:\n  line 3: the session ${second.sessionId} is there already.\n` +
        'Leave sessions that are there as they are with --skip-existing, or replace them with --replace.\n',
    )
    expect(await exported()).toEqual([second])
  })

  it('skips what is there already, or replaces it, when told so', async () => {
    const { imported, importLines, exported, all, other, cwd } = await exportOf({ 'web-shop': [1, 1] })
    const [first, second] = all as [SessionExport, SessionExport]
    const changed = { ...first, metadata: { is: 'changed' } }
    expect(await importLines(header, JSON.stringify(changed))).toMatchObject({ exitCode: 0 })
    expect(await imported('out.jsonl', '--data-dir', 'other', '--skip-existing')).toMatchObject({
      exitCode: 0,
      stdout: 'Imported 1 session.\nSkipped 1 that is there already.\n',
    })
    expect(await exported(other)).toEqual([changed, second])
    expect(await imported('out.jsonl', '--data-dir', 'other', '--replace')).toMatchObject({
      exitCode: 0,
      stdout: 'Imported 2 sessions.\n',
    })
    expect(await exported(other)).toEqual([first, second])
    const check = await runMain(['sessions', 'check', '--data-dir', 'other'], { cwd })
    expect(check).toMatchObject({ exitCode: 0 })
  })

  it.each([[], ['--replace']])(
    'imports nothing when a session of that id is there of another owner, and replaces that by no flag %s',
    async (...flags) => {
      const { importLines, imported, exported, all, other } = await exportOf({ 'web-shop': [1, 1, 1] })
      const [, second] = all as [SessionExport, SessionExport]
      const foreign = { ...second, owner: 'somebody-else' }
      await importLines(header, JSON.stringify(foreign))
      const { exitCode, stdout, stderr } = await imported('out.jsonl', '--data-dir', 'other', ...flags)
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
      expect(stderr).toBe(
        [
          "A line of out.jsonl can't be imported, so nothing was:",
          `  line 3: the session ${second.sessionId} is there already, and belongs to "somebody-else".`,
          'A session of another owner is never replaced. Skip it with --skip-existing, or delete it first. ' +
            `Example: colloquy sessions delete --session ${second.sessionId}`,
          '',
        ].join('\n'),
      )
      expect(await exported(other)).toEqual([foreign])
    },
  )

  it('skips a session whose id one of another owner has, when told so', async () => {
    const { importLines, imported, exported, all, other } = await exportOf({ 'web-shop': [1, 1] })
    const [first, second] = all as [SessionExport, SessionExport]
    const foreign = { ...first, owner: '' }
    await importLines(header, JSON.stringify(foreign))
    const { stderr } = await imported('out.jsonl', '--data-dir', 'other')
    expect(stderr).toContain(`${first.sessionId} is there already, and has no owner.`)
    expect(await imported('out.jsonl', '--data-dir', 'other', '--skip-existing')).toMatchObject({
      exitCode: 0,
      stdout: 'Imported 1 session.\nSkipped 1 that is there already.\n',
    })
    expect(await exported(other)).toEqual([foreign, second])
  })

  it.each([[], ['--replace'], ['--skip-existing']])(
    'imports nothing when a session is in the file twice %s',
    async (...flags) => {
      const { imported, exported, all, other, cwd } = await exportOf({ 'web-shop': [1, 1] })
      const [first, second] = all as [SessionExport, SessionExport]
      const lines = [
        header,
        ...[first, second, first, { ...second, owner: 'b' }].map((one) => JSON.stringify(one)),
      ]
      writeFileSync(join(cwd, 'edited.jsonl'), lines.join('\n'))
      const { exitCode, stdout, stderr } = await imported('edited.jsonl', '--data-dir', 'other', ...flags)
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
      expect(stderr).toBe(
        [
          "2 lines of edited.jsonl can't be imported, so nothing was:",
          `  line 4: the session ${first.sessionId} is in line 2 already.`,
          `  line 5: the session ${second.sessionId} is in line 3 already.`,
          'Of lines with the same session, leave one in the file.',
          '',
        ].join('\n'),
      )
      expect(await exported(other)).toEqual([])
    },
  )

  it('tells faults of every kind together, in the order of the lines', async () => {
    const { importLines, all } = await exportOf({ 'web-shop': [0, 0, 0] })
    const [first, second, third] = all.map((session) => JSON.stringify(session)) as [string, string, string]
    await importLines(header, first, third.replace('"web-shop"', '"b"'))
    const { stderr } = await importLines(header, '{', first, second, second, third)
    expect(stderr.replaceAll(/sess_\w+/g, 'sess_1')).toBe(
      [
        "4 lines of edited.jsonl can't be imported, so nothing was:",
        "  line 2: it is no JSON: Expected property name or '}' in column 2.",
        '  line 3: the session sess_1 is there already.',
        '  line 5: the session sess_1 is in line 4 already.',
        '  line 6: the session sess_1 is there already, and belongs to "b".',
        'Leave sessions that are there as they are with --skip-existing, or replace them with --replace.',
        'Of lines with the same session, leave one in the file.',
        'A session of another owner is never replaced. Skip it with --skip-existing, or delete it first. ' +
          'Example: colloquy sessions delete --session sess_1',
        '',
      ].join('\n'),
    )
  })

  it('tells what became of them as JSON when asked to', async () => {
    const { sessions, cwd } = await storeFolder({ a: [1, 0] })
    await sessions('export', '--output', 'all.jsonl')
    const { exitCode, stdout } = await runMain(
      ['sessions', 'import', 'all.jsonl', '--store', 'sqlite:other.db', '--json'],
      { cwd },
    )
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '{"imported":2,"skipped":0,"expired":0}\n' })
    const again = await sessions('import', 'all.jsonl', '--skip-existing', '--json')
    expect(again.stdout).toBe('{"imported":0,"skipped":2,"expired":0}\n')
  })

  it('leaves out what has expired since the export, and says so', async () => {
    const { importLines, all, exported, other } = await exportOf({ 'web-shop': [1, 0] })
    const lines = all.map((session, index) =>
      JSON.stringify(index === 0 ? { ...session, ttlMs: 1, lastActiveAt: 1 } : session),
    )
    expect(await importLines(header, ...lines)).toMatchObject({
      exitCode: 0,
      stdout: 'Imported 1 session.\nLeft out 1 whose life has ended since the export.\n',
    })
    expect(await exported(other)).toHaveLength(1)
  })

  it('names every line that is wrong, shows nothing of what is said there, and imports nothing', async () => {
    const { importLines, all, exported, other } = await exportOf({ 'web-shop': [1] })
    const [session] = all as [SessionExport]
    const line = JSON.stringify(session)
    const { exitCode, stdout, stderr } = await importLines(
      header,
      line,
      '',
      line.replace('"content":"line', '"content":7,"secret-word":"line'),
      line.slice(0, 40),
      JSON.stringify({ ...session, messages: [] }),
      '[]',
      line.replace('"seq":2', '"seq":4'),
    )
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toBe(
      [
        "5 lines of edited.jsonl can't be imported, so nothing was:",
        '  line 4: /messages/0/content: Invalid input: expected string, received number, and 1 more.',
        '  line 5: it is no JSON: Unterminated string in column 41.',
        `  line 6: the turn ${session.turns[0]?.turnId} has not one message of a user, and one answer behind it at most.`,
        '  line 7: Invalid input: expected object, received array.',
        `  line 8: the turn ${session.turns[0]?.turnId} has events that are not numbered from 1 on without a gap.`,
        '',
      ].join('\n'),
    )
    expect(await exported(other)).toEqual([])
  })

  it.each([
    ['the first line', 'no JSON', '{}'],
    ['a session', header, '{}'],
  ])('makes no store when %s is wrong', async (_what, ...lines) => {
    const { importLines, cwd } = await exportOf({})
    expect(await importLines(...lines)).toMatchObject({ exitCode: 1 })
    expect(existsSync(join(cwd, 'other'))).toBe(false)
  })

  it('tells ten faults, and how many more there are', async () => {
    const { importLines } = await exportOf({})
    const { stderr } = await importLines(header, ...Array.from({ length: 13 }, () => '{}'))
    expect(stderr).toMatch(/^13 lines of edited\.jsonl .*\n( {2}line \d+: .*\n){10} {2}and 3 more\n$/)
  })

  it.each([
    [
      '{"sessionId":"a"}',
      'line 1: it is not the first line of an export. Example: {"format":"colloquy-sessions"',
    ],
    ['no JSON', 'line 1: it is not the first line of an export.'],
    [
      '{"format":"colloquy-sessions","version":2}',
      'line 1: the export is of version 2, and this program knows up to 1.',
    ],
  ])('refuses a file that begins with %j', async (first, message) => {
    const { importLines } = await exportOf({})
    const { exitCode, stdout, stderr } = await importLines(first, '{}')
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('line 2')
  })

  it('refuses a file that is empty', async () => {
    const { importLines } = await exportOf({})
    expect((await importLines()).stderr).toContain(
      'line 1: it is empty: there is not even the first line of an export.',
    )
  })

  it('takes Windows’ line ends, a byte order mark, and no line end at the end', async () => {
    const { imported, lines, cwd } = await exportOf({ 'web-shop': [1, 0] })
    writeFileSync(join(cwd, 'edited.jsonl'), `\uFEFF${lines().join('\r\n')}`)
    expect(await imported('edited.jsonl', '--data-dir', 'other')).toMatchObject({
      exitCode: 0,
      stdout: 'Imported 2 sessions.\n',
    })
  })

  it('says of a last line that is cut off that the file may not be whole', async () => {
    const { imported, lines, cwd } = await exportOf({ 'web-shop': [1] })
    writeFileSync(join(cwd, 'edited.jsonl'), lines().join('\n').slice(0, -20))
    const { stderr } = await imported('edited.jsonl', '--data-dir', 'other')
    expect(stderr).toMatch(
      /\n {2}line 2: it is no JSON: .* Nothing ends the line: the file may not be whole\.\n$/,
    )
  })

  it.each(['a\u0000b', 'a\ud800', 'a\nb'])('refuses the id %j, which a store can not keep', async (id) => {
    const { importLines, all, other, exported } = await exportOf({ 'web-shop': [0] })
    const { stderr } = await importLines(header, JSON.stringify({ ...all[0], sessionId: id }))
    expect(stderr).toContain('line 2: /sessionId: has a control character, or half of a surrogate pair.')
    expect(await exported(other)).toEqual([])
  })

  it('refuses NULs, as a file has them that was not written to its end', async () => {
    const { importLines } = await exportOf({})
    const { exitCode, stderr } = await importLines(header, '\0'.repeat(100))
    expect(exitCode).toBe(1)
    expect(stderr).toContain('line 2: it is no JSON: ')
    expect(stderr).not.toContain('\0')
  })

  it('refuses what is not UTF-8, rather than to import other characters', async () => {
    const { imported, lines, cwd } = await exportOf({ 'web-shop': [1] })
    const latin = Buffer.from(lines().join('\n').replace('You said', 'D\u00fc said'), 'latin1')
    writeFileSync(join(cwd, 'edited.jsonl'), latin)
    const { exitCode, stderr } = await imported('edited.jsonl', '--data-dir', 'other')
    expect(exitCode).toBe(1)
    expect(stderr).toBe('edited.jsonl, in line 1 or soon after it: it is not UTF-8.\n')
  })

  it.skipIf(process.getuid?.() === 0)('needs a file that it may read (root may read any)', async () => {
    const { imported, output, cwd } = await exportOf({})
    chmodSync(output, 0)
    expect(await imported('out.jsonl', '--data-dir', 'other')).toMatchObject({
      exitCode: 2,
      stderr: 'This process may not use out.jsonl.\n',
    })
    expect(existsSync(join(cwd, 'other'))).toBe(false)
  })

  it('needs a file that can be read twice, and no two ways at once', async () => {
    const { imported, cwd } = await exportOf({})
    mkdirSync(join(cwd, 'folder'))
    const to = ['--data-dir', 'other']
    expect(await imported('none.jsonl', ...to)).toMatchObject({
      exitCode: 2,
      stderr: 'There is no file none.jsonl.\n',
    })
    expect(await imported('folder', ...to)).toMatchObject({ exitCode: 2, stderr: 'folder is a directory.\n' })
    expect(await imported('/dev/null', ...to)).toMatchObject({
      exitCode: 2,
      stderr:
        '/dev/null is no file. Write the export to one first, or hand it over on stdin: ' +
        'colloquy sessions import - < /dev/null\n',
    })
    expect(await imported('out.jsonl', '--replace', '--skip-existing', ...to)).toMatchObject({ exitCode: 2 })
    expect(existsSync(join(cwd, 'other'))).toBe(false)
  })
})
