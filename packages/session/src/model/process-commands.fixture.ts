import { type Chat, canSend, chatName, send } from './chat-command.fixture.js'
import { type Command, command, type Moves, owners } from './command.fixture.js'
import { lookAround } from './look-around.fixture.js'

/** Lets time pass. */
export function wait(ms: number, isSettling: boolean): Command {
  return command(
    `${isSettling ? 'wait' : 'wait while the store does not answer,'} ${ms} ms`,
    isSettling ? 'all' : [],
    (world) => world.pass(ms, isSettling),
  )
}

/** Reads everything that there is. */
export function look(limit: number, order: 'asc' | 'desc'): Command {
  return command(`look at everything, ${limit} at a time, ${order}`, 'all', async (world) => {
    await world.settle()
    await lookAround(world, owners, limit, order)
  })
}

/** Ends the process at once, and begins another one. */
export const crash: Command = command(
  'crash',
  'all',
  (world) => world.crash(),
  ({ store }) => store.isExclusive,
)

/** Closes the manager, and begins another process. Meanwhile messages are sent: again and again, as those do who are refused. */
export function close(
  grace: number,
  opened: readonly number[],
  sent: readonly Chat[],
  moves: Moves,
): Command {
  const messages = sent.map((each) => `, ${chatName(each)}`).join('')
  const name = `close within ${grace} ms, opening ${opened.join(', ') || 'nothing'}${messages}`
  return command(name, 'all', async (world) => {
    if (moves !== 'all') await world.deliver(moves)
    await world.close(grace, opened, () => {
      for (const each of sent) if (canSend(world, each)) send(world, each)
    })
  })
}
