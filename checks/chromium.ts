import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executablePath = '/usr/bin/chromium'

/** Why there is no browser; null when there is one. */
export const noChromium = existsSync(executablePath)
  ? null
  : `there is no ${executablePath}; Debian's package chromium has it`

/** Starts a browser that reaches nothing but 127.0.0.1. */
export function launchChromium(): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
  ]
  return chromium.launch({ executablePath, args })
}
