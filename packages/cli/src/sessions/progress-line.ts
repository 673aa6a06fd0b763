import { countOf } from './count-of.js'

/** How far something has come. */
export interface ProgressFacts {
  /** What is being done: `Exporting`. */
  readonly label: string
  /** How many are done. */
  readonly count: number
  /** How much of all is done, from 0 to 1; undefined where that is not known. */
  readonly part: number | undefined
  /** Since its beginning, in milliseconds. */
  readonly elapsedMs: number
}

/** How wide the bar is, at least and at most, in characters. */
const narrowest = 10
const widest = 30

/** After how long a rate, and the time that is left, are more than a guess, in milliseconds. */
const guessMs = 1_000

/** One line that tells how far something has come, no wider than `width`: what has no room in it is left out. */
export function progressLine({ label, count, part, elapsedMs }: ProgressFacts, width: number): string {
  const isKnown = elapsedMs >= guessMs
  const rate = isKnown ? `${rounded(count / (elapsedMs / 1000))}/s` : ''
  if (part === undefined) return joined([label, countOf(count), rate]).slice(0, width)
  const done = Math.min(Math.max(part, 0), 1)
  const left = isKnown && done > 0 ? `${duration((elapsedMs * (1 - done)) / done)} left` : ''
  const percent = `${Math.floor(done * 100)}%`.padStart(4)
  const sets = [[countOf(count), rate, left], [rate, left], [left], []]
  for (const facts of sets) {
    const room = width - joined([label, percent, ...facts]).length - 4 // the bar's brackets, and two blanks
    if (room >= narrowest) return joined([label, bar(done, Math.min(room, widest)), percent, ...facts])
  }
  return joined([label, percent.trim()]).slice(0, width)
}

function joined(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('  ')
}

function bar(part: number, width: number): string {
  const done = Math.floor(part * width)
  return `[${'#'.repeat(done)}${'-'.repeat(width - done)}]`
}

function rounded(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value))
}

/** `12 s`, `3 min`, `2 h`. */
function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 100) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}
