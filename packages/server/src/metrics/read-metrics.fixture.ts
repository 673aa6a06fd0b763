/** What a scrape found: a name with its labels in alphabetical order, and the value. */
export type Samples = ReadonlyMap<string, number>

/** Reads the metrics of a server. Throws when a line is none of Prometheus's text format. */
export async function readMetrics(url: string): Promise<Samples> {
  const response = await fetch(`${url}/metrics`)
  if (response.status !== 200) throw new Error(`A scrape was answered with ${response.status}.`)
  const samples = new Map<string, number>()
  for (const line of (await response.text()).split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const [, name = '', , labels = '', value] = /^(\w+)(\{(.*)\})? (\S+)$/.exec(line) ?? []
    if (value === undefined) throw new Error(`This line is no sample: ${line}`)
    const sorted = (labels.match(/\w+="(?:[^"\\]|\\.)*"/g) ?? []).sort()
    const key = sorted.length === 0 ? name : `${name}{${sorted.join(',')}}`
    if (samples.has(key)) throw new Error(`There are two samples of ${key}.`)
    samples.set(key, Number(value === '+Inf' ? Infinity : value))
  }
  return samples
}
