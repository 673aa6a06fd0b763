/** The warnings of Node 22 about what whoever calls a command has chosen, as they begin. */
const experimental = {
  /** Once, when `node:sqlite` is first loaded: sessions are kept in a file. */
  sqlite: 'SQLite is an',
  /** Once, when TypeScript is first loaded: a `.ts` module is served, or has the configuration. */
  typeScript: 'Type Stripping is an',
} as const

/** Keeps one of these warnings from being shown while something is loaded; every other one is. */
export async function hideExperimentalWarning<Result>(
  feature: keyof typeof experimental,
  load: () => Promise<Result>,
): Promise<Result> {
  // oxlint-disable-next-line typescript/unbound-method -- to be put back as it was; calls give it its `this`
  const emitWarning = process.emitWarning
  process.emitWarning = ((...warning: Parameters<typeof emitWarning>) => {
    const [text, type] = warning as readonly unknown[]
    const isHidden = type === 'ExperimentalWarning' && String(text).startsWith(experimental[feature])
    if (!isHidden) emitWarning.apply(process, warning)
  }) as typeof emitWarning
  try {
    return await load()
  } finally {
    process.emitWarning = emitWarning
  }
}
