/**
 * Keeps Node's warning about one experimental feature from being shown while something is loaded; every other one is.
 *
 * @param feature as the warning begins: `SQLite is an`
 */
export async function hideExperimentalWarning<Result>(
  feature: string,
  load: () => Promise<Result>,
): Promise<Result> {
  // oxlint-disable-next-line typescript/unbound-method -- to be put back as it was; calls give it its `this`
  const emitWarning = process.emitWarning
  process.emitWarning = ((...warning: Parameters<typeof emitWarning>) => {
    const [text, type] = warning as readonly unknown[]
    const isHidden = type === 'ExperimentalWarning' && String(text).startsWith(feature)
    if (!isHidden) emitWarning.apply(process, warning)
  }) as typeof emitWarning
  try {
    return await load()
  } finally {
    process.emitWarning = emitWarning
  }
}
