import type { Logger } from 'pino'
import { openInBrowser } from '../browser/open-in-browser.js'
import type { Config } from '../config/settings.js'
import type { Environment } from '../main-options.js'

/** Opens the documentation of a server in the browser; where that can't be done, the log says so, with the address. */
export async function openDocs(
  url: string,
  { docs }: Pick<Config, 'docs'>,
  { env, logger }: { readonly env: Environment; readonly logger: Logger },
): Promise<void> {
  const page = `${url}/docs`
  const why =
    docs === 'open' ? await openInBrowser(page, env) : `--docs ${docs} shows the documentation to no browser`
  if (why !== undefined) logger.warn({}, `${page} was not opened: ${why}`)
}
