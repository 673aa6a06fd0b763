import { type HeapProfiler, Session } from 'node:inspector/promises'

/**
 * Which bytes are counted: all that are allocated, or those that survive at least one collection of the young objects,
 * the ones that the collector has to copy.
 */
export type Counted = 'allocated' | 'surviving'

/** A count that has begun. */
export interface ByteCount {
  /** @returns how many bytes there were since it began */
  end(): Promise<number>
}

/** One in so many bytes is looked at, on average: enough of a few megabytes to tell them to some per cent. */
const sampledBytes = 2_048

/**
 * Counts what this process allocates for its JavaScript. It samples, so it is exact to some per cent, and it is the same
 * whatever else the machine does.
 */
export async function countBytes(which: Counted): Promise<ByteCount> {
  const session = new Session()
  session.connect()
  await session.post('HeapProfiler.startSampling', {
    samplingInterval: sampledBytes,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: which === 'allocated',
  })
  return {
    async end() {
      const { profile } = await session.post('HeapProfiler.stopSampling')
      session.disconnect()
      return bytesIn(profile.head)
    },
  }
}

function bytesIn({ selfSize, children }: HeapProfiler.SamplingHeapProfileNode): number {
  return children.reduce((sum, child) => sum + bytesIn(child), selfSize)
}
