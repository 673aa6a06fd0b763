import type { Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { launchChromium } from './chromium.ts'

/**
 * Opens a page of a server's origin in a browser of its own, until the test has ended. The page and its files do not come
 * from the server: only what the page itself asks for does.
 *
 * @param url the origin
 * @param script a module, which has run when this resolves
 * @param files more modules: their paths on the page, and in the file system
 */
export async function openPage(
  url: string,
  script: string,
  files: Readonly<Record<string, string>>,
): Promise<Page> {
  const browser = await launchChromium()
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  const body = `<!doctype html><link rel="icon" href="data:,"><script type="module">${script}</script>`
  await page.route(`${url}/`, (route) => route.fulfill({ contentType: 'text/html', body }))
  for (const [path, file] of Object.entries(files))
    await page.route(url + path, (route) => route.fulfill({ contentType: 'text/javascript', path: file }))
  await page.goto(url)
  await page.unrouteAll() // what the page asks for from now on goes its own way, and as fast
  return page
}
