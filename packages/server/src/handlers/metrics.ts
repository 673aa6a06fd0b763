import type { Response } from 'express'
import { metricsType } from '../metrics/scrape.js'
import { factsOf } from '../request-facts.js'
import { writeTiming } from '../write-timing.js'

/** Serves the metrics, as `scrape` writes them down. */
export function metricsHandlers(scrape: () => Promise<string>) {
  return {
    async metrics({ res }: { res: Response }): Promise<undefined> {
      factsOf(res).isProbe = true
      const text = await scrape()
      writeTiming(res).writeHead(200, {
        'Content-Type': metricsType,
        'Content-Length': Buffer.byteLength(text),
      })
      res.end(text)
    },
  }
}
