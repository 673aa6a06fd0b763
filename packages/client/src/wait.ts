/** Waits for so many milliseconds, or until the signal, which is not aborted yet, is; leaves no timer then. The signal is the attempts' own, so nobody else has an `onabort` there. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- it is shorter, and the client has to be
    signal.onabort = () => resolve(clearTimeout(timer))
  })
}
