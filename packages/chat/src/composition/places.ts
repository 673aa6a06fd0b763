/** Places of which there are only so many, and a line of those who wait for one. */
export interface Places {
  /**
   * Takes a place, at once or when its turn in the line has come.
   *
   * @returns how to give it back, once; null when the line is full
   * @throws the signal's reason when it is aborted: whoever waits leaves the line at once
   */
  take(signal: AbortSignal): Promise<(() => void) | null>
  /** How many wait. */
  readonly waiting: number
}

/** What bounds places. */
export interface PlaceBounds {
  /** How many there are. */
  readonly max: number
  /** How many may wait for one. */
  readonly queue: number
}

/** Makes places. */
export function createPlaces({ max, queue }: PlaceBounds): Places {
  let taken = 0
  const line = new Set<() => void>()

  function giveBack(): void {
    const [next] = line
    if (next === undefined) taken -= 1
    else next() // the place is handed on: nobody who comes now can be faster
  }

  function waitInLine(signal: AbortSignal): Promise<() => void> {
    const { promise, resolve, reject } = Promise.withResolvers<() => void>()
    const leave = () => {
      line.delete(enter)
      signal.removeEventListener('abort', abort)
    }
    const enter = () => {
      leave()
      resolve(giveBack)
    }
    const abort = () => {
      leave()
      reject(signal.reason)
    }
    line.add(enter)
    signal.addEventListener('abort', abort, { once: true })
    return promise
  }

  return {
    async take(signal) {
      signal.throwIfAborted()
      if (taken < max) {
        taken += 1
        return giveBack
      }
      return line.size < queue ? waitInLine(signal) : null
    },
    get waiting() {
      return line.size
    },
  }
}
