import type { Bench } from '../bench.ts'
import type { MeasuredServer } from '../servers/measured-server.ts'
import type { Servers } from '../servers/with-servers.ts'

/** What was measured of both sides, round by round. */
export interface Pair<Sample> {
  readonly ours: readonly Sample[]
  readonly raw: readonly Sample[]
}

/** Measures ours and the baseline in turn, so that what disturbs the machine disturbs both. */
export async function inRounds<Sample>(
  { rounds, progress }: Pick<Bench, 'rounds' | 'progress'>,
  what: string,
  servers: Servers,
  measure: (server: MeasuredServer, round: number) => Promise<Sample>,
): Promise<Pair<Sample>> {
  const pair: { ours: Sample[]; raw: Sample[] } = { ours: [], raw: [] }
  for (let round = 0; round < rounds; round += 1) {
    for (const server of [servers.ours, servers.raw]) {
      progress(`${what}, round ${round + 1} of ${rounds}, ${server.side}`)
      pair[server.side].push(await measure(server, round))
    }
  }
  return pair
}
