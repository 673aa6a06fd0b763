const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const

/**
 * How long that is, as people say it: `45 s`, `3 min`, `2 h`, `4 d`; what is less than the last unit that is told is left out.
 *
 * @param parts how many units to tell: with 2, `3 h 12 min`. Default: 1
 */
export function durationText(ms: number, parts = 1): string {
  const first = units.findIndex(([, length]) => ms >= length)
  if (first === -1) return '0 s'
  let left = ms
  return units
    .slice(first, first + parts)
    .map(([name, length]) => {
      const count = Math.floor(left / length)
      left -= count * length
      return { name, count }
    })
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${count} ${name}`)
    .join(' ')
}

/** How long ago that was: `3 min ago`, or `now` when it was less than a second, or another clock is ahead. */
export function agoText(at: string, now: number): string {
  const ms = now - Date.parse(at)
  return ms < 1_000 ? 'now' : `${durationText(ms)} ago`
}

/** In what time that will be: `in 27 min`, or `now`. */
export function untilText(at: string, now: number): string {
  const ms = Date.parse(at) - now
  return ms < 1_000 ? 'now' : `in ${durationText(ms)}`
}

/** A time on this machine's clock: `2026-01-02 03:04:05`. */
export function timeText(at: string): string {
  const time = new Date(at)
  const two = (number: number) => String(number).padStart(2, '0')
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-')
  return `${day} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`
}
