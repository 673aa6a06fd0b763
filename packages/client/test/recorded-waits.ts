/** Waits that take no time, for `createClient`: what they would have been, in milliseconds, without any chance in it. */
export function recordWaits() {
  const waits: number[] = []
  return {
    waits,
    random: () => 0,
    wait: async (ms: number) => {
      waits.push(ms)
    },
  }
}
