/** The items of several lists, in order; of those with the same name only the first. */
export function firstOfEachName<Item extends { readonly name: string }>(
  lists: Iterable<readonly Item[]>,
): readonly Item[] {
  const byName = new Map<string, Item>()
  for (const list of lists) {
    for (const item of list) if (!byName.has(item.name)) byName.set(item.name, item)
  }
  return [...byName.values()]
}
