import type { Response } from 'express'
import { writeHead } from '../answer/write-head.js'
import { metricsType } from '../metrics/scrape.js'
import { factsOf } from '../request/request-facts.js'

/** Serves the metrics, as `scrape` writes them down. */
export function metricsHandlers(scrape: () => Promise<string>) {
  return {
    async metrics({ res }: { res: Response }): Promise<undefined> {
      factsOf(res).isProbe = true
      const text = await scrape()
      writeHead(res, 200, ['Content-Type', metricsType, 'Content-Length', Buffer.byteLength(text)]).end(text)
    },
  }
}
