import { type Authenticate, type ServeOptions, serve } from '@colloquy/server'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { launchChromium, noChromium } from './chromium.ts'

const key = 'a-key-that-nobody-keeps'
const authenticate: Authenticate = ({ headers }) =>
  headers.authorization === `Bearer ${key}` ? { owner: 'me' } : null

const why = noChromium === null ? '' : ` (skipped: ${noChromium})`

describe.skipIf(noChromium !== null)(`the documentation pages in Chromium, without a network${why}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())

  it('/docs opens an operation, and tries it out on the server', async () => {
    const { page, faults } = await open('/docs')
    const operation = await openOperation(page, '#operations-chat-chat')
    await operation.locator('textarea').fill('{"message":"from the page"}')
    expect(await execute(operation)).toMatchObject({ status: '200' })
    expect(await answer(operation)).toContain('You said: from the page')
    expect(faults).toEqual([])
    await keepScreenshot(operation, 'docs')
  })

  it('/docs sends the examples of an operation, also that of a stream', async () => {
    const { page, faults } = await open('/docs')
    const operation = await openOperation(page, '#operations-chat-chat')
    await operation.locator('.examples-select select').first().selectOption('streamed')
    expect(await execute(operation)).toMatchObject({ status: '200' })
    expect(await answer(operation)).toMatch(/event: turn\.started[^]*event: turn\.completed/)
    expect(faults).toEqual([])
  })

  it('/docs authorizes with a key, sends it, and keeps it nowhere', async () => {
    const { page, faults, url } = await open('/docs', { authenticate })
    await keepScreenshot(page, 'docs-top')
    let operation = await openOperation(page, '#operations-sessions-createSession')
    expect(await execute(operation)).toMatchObject({ status: '401' })
    await page.locator('.auth-wrapper > .btn.authorize').click()
    await page.locator('.modal-ux input').fill(key)
    await keepScreenshot(page, 'docs-authorize')
    await page.locator('.modal-ux button.authorize').click()
    await page.locator('.modal-ux .btn-done').click()
    expect(await execute(operation)).toMatchObject({ status: '201' })
    const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]))
    expect(kept).not.toContain(key)
    await page.goto(`${url}/docs`)
    operation = await openOperation(page, '#operations-sessions-createSession')
    expect(await execute(operation)).toMatchObject({ status: '401' })
    // The browser tells of every 401 by itself.
    expect(faults.filter((fault) => !fault.includes('401 (Unauthorized)'))).toEqual([])
  })

  it('/redoc opens an operation, and the problems of one of its answers', async () => {
    const { page, faults } = await open('/redoc')
    await page.getByText('chat', { exact: true }).first().click()
    await keepScreenshot(page, 'redoc-chat')
    await page.getByText('Send a message and get its answer').last().waitFor()
    await page.getByRole('button', { name: /^409/ }).first().click()
    await page.getByText('The session has a running turn.').first().waitFor()
    expect(await page.locator('body').textContent()).toContain('session_id')
    await keepScreenshot(page, 'redoc')
    expect(faults).toEqual([])
  })

  it.each(['/docs', '/redoc'])(
    '%s asks nobody else, also when it has been open for a while',
    async (path) => {
      const { page, faults } = await open(path, {}, { hasClock: true })
      await page.getByRole('heading', { name: 'Who may ask' }).first().waitFor()
      // Telemetry gathers what it has to say, and sends it some seconds after the page is there.
      for (let step = 0; step < 12; step += 1) await page.clock.fastForward(10_000)
      await page.waitForLoadState('networkidle')
      // A page that is moved on faster than it can work complains of that; what counts is whom it asks, or tries to.
      expect(faults.filter((fault) => /^asks |connect-src|Connecting to/.test(fault))).toEqual([])
    },
  )

  /** Opens a page of a server with an echo bot; notes what the page complains of, and what it asks elsewhere. */
  async function open(
    path: string,
    options: Partial<ServeOptions> = {},
    { hasClock = false } = {},
  ): Promise<{ page: Page; faults: string[]; url: string }> {
    const chat = {
      name: 'echo',
      async *reply(message: string) {
        yield `You said: ${message}`
      },
    }
    const server = await serve({
      manager: createSessionManager({ store: createMemoryStore(), chat }),
      host: '127.0.0.1',
      port: 0,
      ...options,
    })
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    onTestFinished(async () => {
      await page.close()
      await server.close({ grace: 0 })
    })
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text())
    })
    page.on('request', (request) => {
      const isOwn = request.url().startsWith(server.url) || /^(data|blob):/.test(request.url())
      if (!isOwn) faults.push(`asks ${request.url()}`)
    })
    if (hasClock) await page.clock.install()
    await page.goto(server.url + path)
    return { page, faults, url: server.url }
  }
})

/** Unfolds an operation of Swagger UI. */
async function openOperation(page: Page, selector: string): Promise<Locator> {
  const operation = page.locator(selector)
  await operation.locator('.opblock-summary-control').click()
  await operation.locator('button.execute').waitFor()
  return operation
}

/** Sends what is filled in, and waits for what the page shows of the answer to it. */
async function execute(operation: Locator): Promise<{ status: string }> {
  const clear = operation.locator('button.btn-clear')
  if (await clear.isVisible()) await clear.click()
  await operation.locator('button.execute').click()
  const status = operation.locator('.live-responses-table tbody .response-col_status').first()
  await status.waitFor()
  return { status: ((await status.textContent()) ?? '').trim() }
}

/** What the page shows of an answer. */
async function answer(operation: Locator): Promise<string | null> {
  return operation
    .locator('.live-responses-table .response-col_description .microlight')
    .first()
    .textContent()
}

/** For those who want to see the pages: into the folder that `SCREENSHOTS` names. */
async function keepScreenshot(shown: Page | Locator, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS']
  if (folder !== undefined) await shown.screenshot({ path: `${folder}/${name}.png` })
}
