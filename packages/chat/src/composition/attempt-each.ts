/** How a deed went with each of several. */
export interface Attempts<One> {
  /** Those with which it was done, in order. */
  readonly done: readonly One[]
  /** Those with which it was not, in order, and what was thrown. */
  readonly faults: readonly { readonly name: string; readonly cause: unknown }[]
}

/** Does something with each of several, with all at the same time, and waits until it has come to an end with all. */
export async function attemptEach<One extends { readonly name: string }>(
  all: readonly One[],
  deed: (one: One) => unknown,
): Promise<Attempts<One>> {
  const results = await Promise.allSettled(all.map(async (one) => deed(one)))
  return {
    done: all.filter((_one, i) => results[i]?.status === 'fulfilled'),
    faults: results.flatMap((result, i) =>
      result.status === 'fulfilled' ? [] : [{ name: all[i]?.name ?? '', cause: result.reason as unknown }],
    ),
  }
}
