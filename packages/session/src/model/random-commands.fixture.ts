import * as fc from 'fast-check'
import type { OnBusy } from '../limits.js'
import { type Chat, chat } from './chat-command.fixture.js'
import { type Command, type Moves, owners } from './command.fixture.js'
import type { ModelWorld, Move } from './model-world.fixture.js'
import { close, crash, look, wait } from './process-commands.fixture.js'
import { type Change, create, remove, update } from './session-commands.fixture.js'
import type { Heed, Script, Step } from './steered-chat.fixture.js'
import { cancel, leave, open, read, readOn } from './turn-commands.fixture.js'

const moves: fc.Arbitrary<Moves> = fc.oneof(
  { weight: 3, arbitrary: fc.constant('all' as const) },
  { weight: 2, arbitrary: fc.array(fc.constantFrom<Move>(0, 1, 2, 3, '*'), { maxLength: 6, size: 'max' }) },
)
const n = fc.oneof({ weight: 4, arbitrary: fc.nat(1) }, { weight: 1, arbitrary: fc.nat(9) })
const rarely = fc.integer({ min: 0, max: 9 }).map((each) => each === 9)
/** What fails is told with the first one where that fails as well. */
const plain = { withCrossShrink: true }
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Step>({ do: 'say', text: 'Well. ' }, { do: 'say', text: 'So. ' }) },
  { weight: 4, arbitrary: fc.constant<Step>({ do: 'gate' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Step>(
      { do: 'call' },
      { do: 'call', result: [1] },
      { do: 'call', error: 'no' },
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'data', data: { a: null } }) },
  { weight: 2, arbitrary: fc.nat(9).map((state): Step => ({ do: 'state', state })) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'fail' }) },
)
const script: fc.Arbitrary<Script> = fc.record({
  steps: fc
    .tuple(fc.array(step, { maxLength: 5, size: 'max' }), fc.boolean())
    .map(([steps, isWaiting]) => (isWaiting ? [{ do: 'gate' } as const, ...steps] : steps)),
  heed: fc.oneof(
    plain,
    { weight: 3, arbitrary: fc.constant<Heed>('returns') },
    { weight: 1, arbitrary: fc.constantFrom<Heed>('throws', 'ignores') },
  ),
})
const key = fc.record({
  key: fc.constantFrom('k', 'l', 'm'),
  fingerprint: fc.oneof(
    { weight: 4, arbitrary: fc.constant('1') },
    { weight: 1, arbitrary: fc.constant('2') },
  ),
})
const request: fc.Arbitrary<Chat> = fc.record({
  session: fc.oneof({ weight: 7, arbitrary: n }, { weight: 2, arbitrary: fc.constant(null) }),
  isStranger: rarely,
  onBusy: fc.constantFrom<OnBusy>('queue', 'queue', 'interrupt', 'reject'),
  key: fc.oneof(plain, { weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: key }),
  onDisconnect: fc.constantFrom('continue', 'continue', 'cancel'),
  script,
})
/** What is sent while the manager closes: repeated requests more often than at other times. */
const sentLate = fc.array(
  fc.oneof(
    plain,
    { weight: 1, arbitrary: request },
    { weight: 3, arbitrary: fc.tuple(request, key).map(([sent, key]): Chat => ({ ...sent, key })) },
  ),
  { maxLength: 3 },
)
const ttlMs = fc.constantFrom(undefined, 1, 20_000)
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.constantFrom('good', 'bad', null).map((mood) => ({ metadata: { mood } })),
  fc.constantFrom(1, 30_000, 100_000).map((ttlMs) => ({ ttlMs })),
)
const times = fc.constantFrom(0, 1, 250, 1_000, 4_999, 5_000, 5_000, 5_000, 10_000, 20_000, 60_000)

const kinds: readonly { readonly weight: number; readonly arbitrary: fc.Arbitrary<Command> }[] = [
  { weight: 14, arbitrary: fc.tuple(request, moves).map((args) => chat(...args)) },
  { weight: 6, arbitrary: fc.tuple(n, moves).map((args) => open(...args)) },
  {
    weight: 3,
    arbitrary: fc.tuple(n, fc.nat(3), fc.constantFrom(1, 3, 100), moves).map((args) => read(...args)),
  },
  { weight: 2, arbitrary: fc.tuple(n, fc.constantFrom(1, 100), moves).map((args) => readOn(...args)) },
  {
    weight: 2,
    arbitrary: fc.tuple(n, fc.constantFrom('abort', 'return'), moves).map((args) => leave(...args)),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(n, rarely, fc.constantFrom(undefined, 'enough'), moves)
      .map((args) => cancel(...args)),
  },
  { weight: 1, arbitrary: fc.tuple(n, rarely, moves).map((args) => remove(...args)) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...owners), ttlMs, moves).map((args) => create(...args)) },
  { weight: 2, arbitrary: fc.tuple(n, rarely, change, moves).map((args) => update(...args)) },
  { weight: 2, arbitrary: fc.tuple(times, fc.boolean()).map((args) => wait(...args)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(1, 2, 50), fc.constantFrom('asc', 'desc'))
      .map((args) => look(...args)),
  },
  { weight: 1, arbitrary: fc.constant(crash) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(0, 1_000, 10_000), fc.array(fc.nat(3), { maxLength: 3 }), sentLate, moves)
      .map((args) => close(...args)),
  },
]

/** Everything that is done with a manager, in any order. */
export const randomCommands = fc.commands<ModelWorld, ModelWorld, false>(
  kinds.flatMap(({ weight, arbitrary }) => Array.from({ length: weight }, () => arbitrary)),
  { maxCommands: 80, size: 'max' },
)
