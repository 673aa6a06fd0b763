import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { openInBrowser } from '../browser/open-in-browser.js'
import { TextOutput } from '../text-output.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'
import { openDocs } from './open-docs.js'

/** An opener that writes down what it is given. */
function fakeOpener(name: string, exitCode = 0) {
  const folder = writeFolder({ [name]: `#!/bin/sh\necho "$@" > "$0.opened"\nexit ${exitCode}\n` })
  const path = join(folder, name)
  chmodSync(path, 0o755)
  const PATH = `${folder}:${process.env['PATH'] ?? ''}`
  return { path, env: { PATH }, opened: () => readFileSync(`${path}.opened`, 'utf8').trim() }
}

const page = 'http://localhost:8000/docs'

describe('a page in the browser', () => {
  it.each([
    ['linux', 'xdg-open', { DISPLAY: ':0' }],
    ['linux', 'xdg-open', { WAYLAND_DISPLAY: 'wayland-0' }],
    ['darwin', 'open', {}],
  ] as const)('is opened on %s by %s', async (system, name, env) => {
    const opener = fakeOpener(name)
    expect(await openInBrowser(page, { ...opener.env, ...env }, system)).toBeUndefined()
    expect(opener.opened()).toBe(page)
  })

  it('is opened by the system on Windows', async () => {
    const opener = fakeOpener('cmd.exe')
    expect(await openInBrowser(page, opener.env, 'win32')).toBeUndefined()
    expect(opener.opened()).toBe(`/d /c start  ${page}`)
  })

  it('is opened by what BROWSER names, wherever that is', async () => {
    const opener = fakeOpener('my-browser')
    const env = { ...opener.env, BROWSER: 'my-browser --new-window', SSH_CONNECTION: 'here' }
    expect(await openInBrowser(page, env, 'linux')).toBeUndefined()
    expect(opener.opened()).toBe(`--new-window ${page}`)
  })

  it.each([
    ['there is no display', 'linux', {}],
    ['this is a session over SSH', 'linux', { DISPLAY: ':0', SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' }],
    ['this is a session over SSH', 'darwin', { SSH_TTY: '/dev/pts/0' }],
    ['BROWSER is "none"', 'linux', { DISPLAY: ':0', BROWSER: 'none' }],
    ['xdg-open is not there', 'linux', { DISPLAY: ':0', PATH: '/nowhere' }],
  ] as const)('is not opened, because %s (%s)', async (why, system, env) => {
    expect(await openInBrowser(page, env, system)).toBe(why)
  })

  it('is not opened where the opener fails', async () => {
    const { env } = fakeOpener('open', 3)
    expect(await openInBrowser(page, env, 'darwin')).toBe('open failed')
  })
})

describe('the documentation', () => {
  it.each(['off', 'key'] as const)('is not opened with --docs %s, and one line says so', async (docs) => {
    const log = new TextOutput()
    await openDocs('http://localhost:8000', { docs }, { env: {}, logger: pino({}, log) })
    expect(log.logLines()).toMatchObject([
      {
        level: 40,
        msg: `http://localhost:8000/docs was not opened: --docs ${docs} shows the documentation to no browser`,
      },
    ])
  })
})
