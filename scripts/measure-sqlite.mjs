// Measures the SQLite store on this machine: `node scripts/measure-sqlite.mjs [sessions] [live sessions beside] [folder]`,
// after a build. Makes sessions, answers a message in each, lets them expire and collects them. With `node --expose-gc`, the
// memory that it tells at the end has nothing in it that only waits to be freed.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSqliteStore } from '@colloquy/session/sqlite'

const [count = 100_000, beside = 0] = process.argv.slice(2, 4).map(Number)
const folder = mkdtempSync(join(process.argv[4] ?? tmpdir(), 'colloquy-measure-'))
const path = join(folder, 'colloquy.db')
const now = Date.now()
const ttlMs = 60_000
const bound = { maxSessions: Number.MAX_SAFE_INTEGER, whenFull: 'reject', now }
const text = 'some words of an answer '

const owner = (n) => `owner-${n % 1_000}`
const sessionId = (n) => `sess_${String(n).padStart(32, '0')}`
const ref = (n) => ({ sessionId: sessionId(n), turnId: `turn_${String(n).padStart(32, '0')}` })

function session(n, ttl = ttlMs) {
  return { owner: owner(n), sessionId: sessionId(n), createdAt: now, ttlMs: ttl, endsAt: null, metadata: {} }
}

function message(n, role, content) {
  return {
    messageId: `msg_${role}_${n}`,
    turnId: ref(n).turnId,
    role,
    content,
    status: 'complete',
    createdAt: now,
  }
}

function acceptance(n) {
  return {
    ref: { owner: owner(n), ...ref(n) },
    create: null,
    message: message(n, 'user', 'Which chairs do you have?'),
    metadata: {},
    onBusy: { kind: 'reject' },
    key: { key: `key-${n}`, fingerprint: 'f'.repeat(64), until: now + 86_400_000 },
    lease: { instance: 'instance', until: now + 30_000 },
    historyLimit: 200,
    now,
  }
}

const deltas = (n) => ({
  ref: ref(n),
  events: Array.from({ length: 8 }, (_, i) => ({ type: 'text.delta', text, seq: i + 2 })),
})

function ending(n) {
  const content = text.repeat(8)
  const said = {
    ...ref(n),
    messageId: `msg_assistant_${n}`,
    content,
    functionsCalled: [],
    finishReason: 'stop',
  }
  return {
    ref: ref(n),
    events: [{ type: 'turn.completed', ...said, usage: null, durationMs: 1, endedAt: now, seq: 10 }],
    end: {
      status: 'completed',
      endedAt: now,
      functionsCalled: [],
      state: { seen: n },
      message: message(n, 'assistant', content),
    },
  }
}

/** How many bytes the file, its WAL file and the process have, in words. */
function size() {
  const files = [path, `${path}-wal`].map((each) => statSync(each, { throwIfNoEntry: false })?.size ?? 0)
  const { rss, heapUsed } = process.memoryUsage()
  const [file, wal, memory, heap] = [...files, rss, heapUsed].map((bytes) => (bytes / 1e6).toFixed(1))
  return `file ${file} MB, WAL ${wal} MB, memory ${memory} MB, ${heap} MB of it JavaScript's`
}

/** Does something for every number, a hundred at a time. */
async function measure(what, total, act) {
  const begun = performance.now()
  for (let from = 0; from < total; from += 100) {
    await act(Array.from({ length: Math.min(100, total - from) }, (_, i) => from + i))
  }
  const seconds = (performance.now() - begun) / 1_000
  console.log(`${what}: ${Math.round(total / seconds)} a second; ${size()}`)
}

const store = createSqliteStore({ path })
try {
  await store.open()
  console.log(`empty: ${size()}`)
  await measure('sessions that go on living', beside, (numbers) =>
    Promise.all(numbers.map((n) => store.createSession(session(1e9 + n, 86_400_000), bound))),
  )
  await measure('sessions', count, (numbers) =>
    Promise.all(numbers.map((n) => store.createSession(session(n), bound))),
  )
  await measure('accepted messages', count, (numbers) =>
    Promise.all(numbers.map((n) => store.acceptTurn(acceptance(n)))),
  )
  await measure('writes of 8 events', count, (numbers) => store.writeTurns(numbers.map(deltas)))
  await measure('ends of turns', count, (numbers) => store.writeTurns(numbers.map(ending)))
  await measure('short turns, each call waited for', Math.min(count, 5_000), async (numbers) => {
    for (const n of numbers) {
      const again = { sessionId: sessionId(n), turnId: `turn_again_${n}` }
      await store.acceptTurn({ ...acceptance(n), ref: { owner: owner(n), ...again }, key: null })
      const events = [{ type: 'turn.cancelled', reason: 'client_request', content: '', seq: 2 }]
      const end = { status: 'cancelled', endedAt: now, functionsCalled: [], message: null }
      await store.writeTurns([{ ref: again, events, end }])
    }
  })

  // How long each tick of the event loop takes on the processor: other programs may hold it up for longer.
  const ticks = []
  let isCollecting = true
  const cpu = () =>
    Object.values(process.threadCpuUsage()).reduce((sum, microseconds) => sum + microseconds, 0)
  let last = cpu()
  const tick = () => {
    const at = cpu()
    ticks.push((at - last) / 1_000)
    last = at
    if (isCollecting) setImmediate(tick)
  }
  setImmediate(tick)
  const begun = performance.now()
  const begunAt = cpu()
  let collected = 0
  for (let step = 1_000; step === 1_000; collected += step) {
    step = await store.collectExpired(now + ttlMs, 1_000)
  }
  isCollecting = false
  ticks.sort((a, b) => a - b)
  const [median, p99, longest] = [0.5, 0.99, 1].map((part) =>
    ticks[Math.ceil(ticks.length * part) - 1].toFixed(1),
  )
  const [seconds, used] = [performance.now() - begun, (cpu() - begunAt) / 1_000].map((ms) =>
    (ms / 1_000).toFixed(1),
  )
  console.log(
    `collected ${collected} in ${seconds} s, ${used} s on the processor; ticks of ${median} ms, p99 ${p99}, longest ${longest}; ${size()}`,
  )
} finally {
  await store.close()
  globalThis.gc?.()
  console.log(`closed: ${size()}`)
  rmSync(folder, { recursive: true })
}
