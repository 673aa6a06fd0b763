/**
 * Node 22 warns, once, when it first loads TypeScript. Whoever serves a `.ts` module has chosen that, so this one
 * warning is not shown; every other one is.
 */
export async function hideTypeStrippingWarning<Result>(load: () => Promise<Result>): Promise<Result> {
  // oxlint-disable-next-line typescript/unbound-method -- to be put back as it was; calls give it its `this`
  const emitWarning = process.emitWarning
  process.emitWarning = ((...warning: Parameters<typeof emitWarning>) => {
    if (!isAboutTypeStripping(warning)) emitWarning.apply(process, warning)
  }) as typeof emitWarning
  try {
    return await load()
  } finally {
    process.emitWarning = emitWarning
  }
}

function isAboutTypeStripping([warning, type]: readonly unknown[]): boolean {
  return type === 'ExperimentalWarning' && String(warning).startsWith('Type Stripping is an')
}
