import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { createElement, StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { launchChromium, noChromium } from './chromium.ts'
import { App } from './react-app.tsx'
import { root } from './read-workspace.ts'
import { type SteeredServer, startSteeredServer } from './steered-server.ts'

const skipped = noChromium === null ? '' : ` (skipped: ${noChromium})`

describe.skipIf(noChromium !== null).each([
  ['19', {}],
  ['18', { react: 'react-18', 'react-dom': 'react-dom-18' }],
])(`a page with React %s in Chromium${skipped}`, (version, alias: Record<string, string>) => {
  let browser: Browser
  let script: string
  let server: SteeredServer
  let page: Page
  const faults: string[] = []
  beforeAll(async () => {
    script = await bundle(readFileSync(join(root, 'checks/react-page.tsx'), 'utf8'), alias)
    browser = await launchChromium()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    server = await startSteeredServer((req, res) => answerPage(req, res, script))
    page = await browser.newPage()
    page.setDefaultTimeout(10_000)
    faults.length = 0
    page.on('pageerror', (error) => faults.push(String(error)))
    page.on('console', (line) => line.type() === 'error' && faults.push(line.text()))
    await page.goto(server.url)
    return async () => {
      await page.close()
      await server.close()
    }
  })

  const say = async (message: string) => {
    await page.locator('input').fill(message)
    await press('send')
  }
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const until = (read: () => unknown) => expect.poll(read, { interval: 10, timeout: 10_000 })
  const messages = () => page.locator('li').allInnerTexts()
  const status = () => page.locator('output').innerText()

  it('shows a message, the functions that are called and the answer, as they come', async () => {
    expect(await status()).toBe('idle')
    expect(await page.title()).toMatch(`React ${version}.`)
    await say('steer chairs')
    await until(messages).toEqual(['user complete: steer chairs'])
    expect(await status()).toBe('submitted')
    const call = { callId: 'c1', name: 'look_up' }
    server.steer('steer chairs', 'Let me see. ', { type: 'functionCall', ...call, arguments: {} })
    await until(messages).toEqual([
      'user complete: steer chairs',
      'assistant streaming: Let me see. [look_up: …]',
    ])
    server.steer('steer chairs', { type: 'functionResult', ...call, result: 3 }, 'Three chairs 🪑')
    await until(messages).toEqual([
      'user complete: steer chairs',
      'assistant streaming: Let me see. Three chairs 🪑 [look_up: 3]',
    ])
    expect(await status()).toBe('streaming')
    server.steer('steer chairs', '.', 'end')
    await until(status).toBe('idle')
    expect(await messages()).toEqual([
      'user complete: steer chairs',
      'assistant complete: Let me see. Three chairs 🪑. [look_up: 3]',
    ])
    expect(server.asked).toEqual(['steer chairs'])
    expect(faults).toEqual([])
  })

  it('stops an answer in the middle, and talks on', async () => {
    await say('steer long')
    server.steer('steer long', 'As far as ')
    await until(status).toBe('streaming')
    await press('stop')
    await until(status).toBe('idle')
    await say('hello')
    await until(messages).toEqual(
      [
        'user complete: steer long',
        'assistant partial: As far as ',
        'user complete: hello',
        'assistant complete: You said: hello',
      ].map(trimmed),
    )
    expect(faults).toEqual([])
  })

  it('that is reloaded in the middle of an answer shows it to its end, once', async () => {
    await say('hello')
    await until(status).toBe('idle')
    await say('steer long')
    server.steer('steer long', 'Before, ')
    await until(status).toBe('streaming')
    await page.reload()
    await until(messages).toEqual([
      'user complete: hello',
      'assistant complete: You said: hello',
      'user complete: steer long',
      'assistant streaming: Before,',
    ])
    server.steer('steer long', 'after.', 'end')
    await until(status).toBe('idle')
    expect((await messages()).slice(2)).toEqual([
      'user complete: steer long',
      'assistant complete: Before, after.',
    ])
    expect(server.asked).toEqual(['hello', 'steer long'])
    expect(faults).toEqual([])
  })

  it('that takes the chat away and brings it back reads on', async () => {
    await say('steer long')
    server.steer('steer long', 'Before, ')
    await until(status).toBe('streaming')
    await press('mount')
    expect(await messages()).toEqual([])
    server.steer('steer long', 'meanwhile, ')
    await press('mount')
    await until(messages).toEqual(['user complete: steer long', 'assistant streaming: Before, meanwhile,'])
    server.steer('steer long', 'after.', 'end')
    await until(messages).toEqual([
      'user complete: steer long',
      'assistant complete: Before, meanwhile, after.',
    ])
    expect(server.asked).toEqual(['steer long'])
    expect(faults).toEqual([])
  })

  it('loses nothing when the server is gone and comes back', async () => {
    await say('steer long')
    server.steer('steer long', 'Before, ')
    await until(status).toBe('streaming')
    await server.hide()
    server.steer('steer long', 'after.', 'end')
    await server.show()
    await until(messages).toEqual(['user complete: steer long', 'assistant complete: Before, after.'])
    await server.hide()
    await say('hello')
    await until(status).toBe('error: The connection failed. (network_error)')
    expect((await messages()).at(-1)).toBe('user failed: hello')
    await server.show()
    await press('retry')
    await until(status).toBe('idle')
    expect((await messages()).slice(-2)).toEqual([
      'user complete: hello',
      'assistant complete: You said: hello',
    ])
    expect(server.asked).toEqual(['steer long', 'hello'])
  })

  it('begins anew when its session has expired, and after a reset', async () => {
    await say('hello')
    await until(status).toBe('idle')
    server.pass(3_600_000)
    await page.reload()
    await until(status).toBe('idle')
    expect(await messages()).toEqual([])
    await say('again')
    await until(messages).toEqual(['user complete: again', 'assistant complete: You said: again'])
    await press('reset')
    await until(messages).toEqual([])
    await page.reload()
    await until(status).toBe('idle')
    expect(await messages()).toEqual([])
  })

  it('shows one chat in two places, and says everything once', async () => {
    await page.goto(`${server.url}shared`)
    const [first, second] = [page.locator('form').first(), page.locator('form').last()]
    await first.locator('input').fill('steer one')
    await first.getByRole('button', { name: 'send' }).click()
    server.steer('steer one', 'First')
    await until(() => second.locator('output').innerText()).toBe('streaming')
    await second.locator('input').fill('two')
    await second.getByRole('button', { name: 'send' }).click()
    await until(() => first.locator('li').last().innerText()).toBe('user queued: two')
    server.steer('steer one', 'end')
    const all = [
      'user complete: steer one',
      'assistant complete: First',
      'user complete: two',
      'assistant complete: You said: two',
    ]
    for (const form of [first, second]) await until(() => form.locator('li').allInnerTexts()).toEqual(all)
    expect(server.asked).toEqual(['steer one', 'two'])
    expect(faults).toEqual([])
  })

  it('goes from one chat to another and back, and reads on', async () => {
    await page.goto(`${server.url}switch`)
    await say('steer one')
    server.steer('steer one', 'Before, ')
    await until(status).toBe('streaming')
    await press('two')
    await until(messages).toEqual([])
    await say('hello')
    await until(messages).toEqual(['user complete: hello', 'assistant complete: You said: hello'])
    await press('one')
    await until(messages).toEqual(['user complete: steer one', 'assistant streaming: Before,'])
    server.steer('steer one', 'after.', 'end')
    await until(messages).toEqual(['user complete: steer one', 'assistant complete: Before, after.'])
    await press('two')
    await until(messages).toEqual(['user complete: hello', 'assistant complete: You said: hello'])
    expect(server.asked).toEqual(['steer one', 'hello'])
    expect(faults).toEqual([])
  })

  it('that a server has rendered goes on with the session that was kept', async () => {
    await say('hello')
    await until(status).toBe('idle')
    await page.goto(`${server.url}rendered`)
    await until(messages).toEqual(['user complete: hello', 'assistant complete: You said: hello'])
    expect(faults).toEqual([])
  })
})

describe.skipIf(noChromium !== null)(`the example for React in the client's README${skipped}`, () => {
  it('chats, stops, and tries again', async () => {
    const readme = readFileSync(join(root, 'packages/client/README.md'), 'utf8')
    const [, example = ''] = /^```tsx\n(.*?)^```$/ms.exec(readme) ?? []
    const script = await bundle(example, {})
    const server = await startSteeredServer((req, res) => answerPage(req, res, script))
    const browser = await launchChromium()
    onTestFinished(async () => {
      await browser.close()
      await server.close()
    })
    const page = await browser.newPage()
    await page.goto(server.url)
    const messages = () => page.locator('p').allInnerTexts()
    const until = (read: () => unknown) => expect.poll(read, { interval: 10, timeout: 10_000 })
    const say = async (message: string) => {
      await page.locator('input').fill(message)
      await page.getByRole('button', { name: 'Send' }).click()
    }
    await say('Hello')
    await until(messages).toEqual(['Hello', 'You said: Hello'])
    await say('steer long')
    server.steer('steer long', 'As far as this')
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('button', { name: 'Send' }).waitFor()
    expect((await messages()).slice(2)).toEqual(['steer long', 'As far as this'])
    await say('steer wrong')
    server.steer('steer wrong', new Error('It does not work'))
    server.steer('steer wrong', 'Now it does.', 'end')
    await page.getByRole('button', { name: 'Try again?' }).click()
    await until(messages).toContain('Now it does.')
  })
})

const trimmed = (text: string) => text.trimEnd()

/** The program of a page, with everything that it needs. */
async function bundle(contents: string, alias: Record<string, string>): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(root, 'checks'), loader: 'tsx' },
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    alias,
    define: { 'process.env.NODE_ENV': '"development"' }, // strict mode does nothing in production
  })
  return outputFiles[0]?.text ?? ''
}

function answerPage({ url }: IncomingMessage, res: ServerResponse, script: string): void {
  if (url === '/page.js') {
    res.setHeader('Content-Type', 'text/javascript; charset=utf-8').end(script)
    return
  }
  const app = createElement(StrictMode, null, createElement(App, { chat: { baseUrl: '/', maxRetries: 0 } }))
  const rendered = url === '/rendered' ? renderToString(app) : ''
  res
    .setHeader('Content-Type', 'text/html; charset=utf-8')
    .end(
      `<!doctype html><link rel="icon" href="data:,"><title>chat</title><div id="root">${rendered}</div><script type="module" src="/page.js"></script>`,
    )
}
