/** A round of the event loop in which something was done takes longer than this, in milliseconds. */
const emptyRoundMs = 0.01

/**
 * Keeps this process awake. A server whose clients sleep has to wake them up with each answer, and is charged for it: on a
 * virtual machine up to 15 µs, which is as much as some of the answers. How often that happens depends on how fast the clients
 * are beside it, and not on what it does; clients on other machines are never woken up by it.
 *
 * @returns how to let it sleep again, which tells how long there was nothing to do, in milliseconds
 */
export function stayAwake(): () => number {
  let isAwake = true
  let idleMs = 0
  let last = performance.now()
  const look = () => {
    const now = performance.now()
    if (now - last < emptyRoundMs) idleMs += now - last
    last = now
    if (isAwake) setImmediate(look)
  }
  setImmediate(look)
  return () => {
    isAwake = false
    return idleMs
  }
}
