// Is loaded into a measured server before its own program (`node --expose-gc --import`), where something has to be
// asked that can't be told from outside. Without it the server is not touched by what measures it.
import { Session } from 'node:inspector/promises'
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { type ByteCount, countBytes } from '../measure/count-bytes.ts'
import type { InsideAnswer, InsideQuestion } from './inside-messages.ts'

let profiler: Session | null = null
let count: ByteCount | null = null
let lag: IntervalHistogram | null = null

/** How often the event loop is looked at, in milliseconds: what is told of it has this in it. */
const lagResolution = 10

process.on('message', (question: InsideQuestion) => {
  void answer(question).then((content) => process.send?.(content))
})
process.channel?.unref()

async function answer(question: InsideQuestion): Promise<InsideAnswer> {
  switch (question.ask) {
    case 'memory': {
      // What nobody holds any more is not to count; the second time frees what the first one made ready to be freed.
      for (let times = 0; times < 3; times += 1) {
        globalThis.gc?.()
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      const { rss, heapUsed, external } = process.memoryUsage()
      return { rss, inUse: heapUsed + external }
    }
    case 'beginProfile':
      profiler = new Session()
      profiler.connect()
      await profiler.post('Profiler.enable')
      await profiler.post('Profiler.setSamplingInterval', { interval: 500 })
      await profiler.post('Profiler.start')
      return {}
    case 'endProfile': {
      if (profiler === null) return {}
      const { profile } = await profiler.post('Profiler.stop')
      profiler.disconnect()
      profiler = null
      return { profile }
    }
    case 'count allocated':
      count = await countBytes('allocated')
      return {}
    case 'count surviving':
      count = await countBytes('surviving')
      return {}
    case 'endCount':
      return { bytes: (await count?.end()) ?? 0 }
    case 'beginLag':
      lag = monitorEventLoopDelay({ resolution: lagResolution })
      lag.enable()
      return {}
    case 'endLag':
      lag?.disable()
      return { lagP99: Math.max(0, (lag?.percentile(99) ?? 0) / 1e6 - lagResolution) }
  }
}
