import assert from 'node:assert/strict'

/** Ways of looking at a store: each the same call again and again. */
export type Views = Readonly<Record<string, () => Promise<unknown>>>

/**
 * Looks through the views, again and again and in every order, while a change is under way, and demands that it is
 * visible in all of them at once: whoever looks sees how it was before, until one view shows how it is afterwards;
 * from then on every view does.
 */
export async function watchChange(views: Views, change: () => Promise<unknown>): Promise<void> {
  const before = await lookAround(views)
  let isOver = false
  const looking = pairs(Object.entries(views)).map((pair) => watch(pair, () => isOver))
  const changing = change().finally(() => {
    isOver = true
  })
  const [watches] = await Promise.all([Promise.all(looking), changing])
  const after = await lookAround(views)
  for (const name of Object.keys(views)) {
    assert.notDeepEqual(after.get(name), before.get(name), `${name} does not show the change`)
  }
  for (const sightings of watches) {
    let first = ''
    for (const [name, value] of sightings) {
      if (isEqual(value, after.get(name))) first ||= name
      else if (!isEqual(value, before.get(name))) assert.fail(`${name} shows a part of the change`)
      else if (first !== '') assert.fail(`${first} shows the change, and ${name} after it does not`)
    }
  }
}

/** Waits until everything that is ready to run has run. */
export function nextTick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

type View = readonly [name: string, look: () => Promise<unknown>]
type Sighting = readonly [name: string, value: unknown]

/** How often views are looked through before the event loop may go on: changes happen within a tick, too. */
const looksPerTick = 10

async function watch(views: readonly View[], isOver: () => boolean): Promise<readonly Sighting[]> {
  const sightings: Sighting[] = []
  const lookOnce = async () => {
    for (const [name, look] of views) sightings.push([name, await look()])
  }
  while (!isOver()) {
    for (let n = 0; n < looksPerTick && !isOver(); n += 1) await lookOnce()
    await nextTick()
  }
  await lookOnce()
  return sightings
}

async function lookAround(views: Views): Promise<ReadonlyMap<string, unknown>> {
  const seen = new Map<string, unknown>()
  for (const [name, look] of Object.entries(views)) seen.set(name, await look())
  return seen
}

function pairs(views: readonly View[]): (readonly View[])[] {
  return views.flatMap((first) => views.filter((view) => view !== first).map((second) => [first, second]))
}

function isEqual(value: unknown, other: unknown): boolean {
  try {
    assert.deepEqual(value, other, 'different') // a message of its own saves making one
    return true
  } catch {
    return false
  }
}
