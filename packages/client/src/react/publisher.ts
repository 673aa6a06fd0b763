/** How long a frame is, in milliseconds. */
const frame = 16

/** A value that changes, and those who look at it. */
export interface Publisher<State> {
  readonly getState: () => State
  /** Tells of changes; returns what ends that. */
  readonly subscribe: (listener: () => void) => () => void
  /** Reads the value anew and tells of it. */
  readonly show: () => void
  /** The same, together with what else changes until the next frame. */
  readonly showSoon: () => void
}

/**
 * Makes a publisher of what `read` gives after changes.
 *
 * @param look is called with each one who begins to look
 * @param leave is called when nobody looks any more
 */
export function createPublisher<State>(
  state: State,
  read: () => State,
  look: () => void,
  leave: () => void,
): Publisher<State> {
  const listeners = new Set<() => void>()
  let isDue = false
  const show = () => {
    isDue = false
    state = read()
    for (const listener of listeners) listener()
  }
  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener)
      look()
      return () => {
        listeners.delete(listener)
        // Whoever moves a component, or mounts it twice to test it, subscribes again in the same moment.
        setTimeout(() => listeners.size > 0 || leave())
      }
    },
    show,
    showSoon() {
      // Not with an animation frame: a hidden page has none.
      if (!isDue) setTimeout(() => isDue && show(), frame)
      isDue = true
    },
  }
}
