import type { Logger } from '@colloquy/session'
import type { LanguageModel } from 'ai'

type Model = Extract<LanguageModel, { readonly specificationVersion: 'v4' }>
type StreamPart =
  Awaited<ReturnType<Model['doStream']>>['stream'] extends ReadableStream<infer Part> ? Part : never
type Warning = Extract<StreamPart, { type: 'stream-start' }>['warnings'][number]

/**
 * A model whose warnings go to the log of the turn. The SDK would print them, past every log; how it can be told not to is
 * a global variable, which is not ours to set.
 *
 * @param told the warnings that were told before; each is told once
 */
export function quietModel(model: LanguageModel, logger: Logger, told: Set<string>): LanguageModel {
  if (typeof model === 'string') return model
  // Models of earlier versions of the specification begin their streams so as well.
  const asked = model as Model
  const doStream: Model['doStream'] = async (options) => {
    const result = await asked.doStream(options)
    const tell = (warnings: readonly Warning[]) => tellOnce(warnings, { model: model.modelId, logger, told })
    return { ...result, stream: result.stream.pipeThrough(withoutWarnings(tell)) }
  }
  return new Proxy(asked, {
    get(target, name) {
      if (name === 'doStream') return doStream
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

function withoutWarnings(
  tell: (warnings: readonly Warning[]) => void,
): TransformStream<StreamPart, StreamPart> {
  return new TransformStream({
    transform(part, controller) {
      if (part.type !== 'stream-start' || part.warnings.length === 0) return controller.enqueue(part)
      tell(part.warnings)
      controller.enqueue({ ...part, warnings: [] })
    },
  })
}

/** What a provider writes in a warning may hold anything: of that there is its kind, and the name of what it is about. */
function tellOnce(
  warnings: readonly Warning[],
  { model, logger, told }: { readonly model: string; readonly logger: Logger; readonly told: Set<string> },
): void {
  for (const { type, ...about } of warnings) {
    const { feature, setting } = about as { readonly feature?: string; readonly setting?: string }
    const name = feature ?? setting ?? ''
    const subject = /^[\w .-]{1,64}$/.test(name) ? { feature: name } : {}
    const key = JSON.stringify([type, subject])
    if (told.has(key)) continue
    told.add(key)
    logger.warn({ model, warning: type, ...subject }, 'the model does not do all that it is asked for')
  }
}
