/** A value that changes, and those who are told of it. */
export interface Publisher<State> {
  readonly get: () => State
  /** Reads the value anew and tells of it: `now`, or `soon`, together with what else changes until the next frame. */
  readonly show: (when: 'now' | 'soon') => void
  readonly listeners: Set<() => void>
}

/** Makes a publisher of what `read` gives. */
export function createPublisher<State>(read: () => State): Publisher<State> {
  const listeners = new Set<() => void>()
  let state = read()
  let isDue = false
  const showNow = () => {
    isDue = false
    state = read()
    for (const listener of listeners) listener()
  }
  const show = (when: 'now' | 'soon') => {
    if (when === 'now') return showNow()
    if (isDue) return
    isDue = true
    nextFrame(() => isDue && showNow())
  }
  return { get: () => state, show, listeners }
}

/** Where nothing is drawn, such as in a hidden page, there are no frames. */
function nextFrame(run: () => void): void {
  if (typeof document === 'undefined' || document.hidden) setTimeout(run, 16)
  else requestAnimationFrame(run)
}
