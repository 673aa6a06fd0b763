import { serve } from '@colloquy/server'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { launchChromium, noChromium } from './chromium.ts'

const why = noChromium === null ? '' : ` (skipped: ${noChromium})`

describe.skipIf(noChromium !== null)(`the documentation pages in Chromium, without a network${why}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())

  it('/docs opens an operation, and tries it out on the server', async () => {
    const { page, faults } = await open('/docs')
    const operation = page.locator('#operations-chat-chat')
    await operation.locator('.opblock-summary-control').click()
    await operation.locator('textarea').fill('{"message":"from the page"}')
    await operation.locator('button.execute').click()
    const answer = operation.locator('.live-responses-table .response-col_description .microlight').first()
    await answer.waitFor()
    expect(await answer.textContent()).toContain('You said: from the page')
    expect(
      await operation.locator('.live-responses-table tbody .response-col_status').first().textContent(),
    ).toContain('200')
    expect(faults).toEqual([])
    if (process.env['SCREENSHOTS'] !== undefined)
      await page.screenshot({ path: `${process.env['SCREENSHOTS']}/docs.png` })
  })

  it('/redoc shows the routes, and opens an operation', async () => {
    const { page, faults } = await open('/redoc')
    await page.getByText('/api/v1/chat', { exact: true }).first().click()
    await page.getByText('Send a message and get its answer').first().waitFor()
    expect(await page.locator('body').textContent()).toContain('session_id')
    expect(faults).toEqual([])
    if (process.env['SCREENSHOTS'] !== undefined)
      await page.screenshot({ path: `${process.env['SCREENSHOTS']}/redoc.png` })
  })

  /** Opens a page of a server with an echo bot; notes what the page complains of, and what it asks elsewhere. */
  async function open(path: string): Promise<{ page: Page; faults: string[] }> {
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
    await page.goto(server.url + path)
    return { page, faults }
  }
})
