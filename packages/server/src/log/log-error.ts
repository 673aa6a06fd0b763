import { isCredentialName, maskCredentials, masked } from './mask-credentials.js'

/** How much of an error is written down. */
const bounds = { depth: 6, nodes: 200, keys: 40, items: 20, text: 4_000, stack: 12_000, all: 60_000 } as const

const leftOut = '[left out]'

/**
 * What was said, in one direction or the other. HTTP libraries and those of model providers hang it on their errors,
 * and it has no place in a log.
 */
const contentNames =
  /^(raw)?(request|response)?(body|data|payload|headers)(values)?$|^(messages|prompt|input|contents?|text|value)$/

/** Whole requests and responses: they have all of the above, and little else. */
const requestNames = /^(req|request|config)$/
const responseNames = /^(raw)?(res|response)$/

/**
 * Writes an error down for the log, as pino's serializer of `err`: its message, its stack, its own properties, and all
 * of that of its causes. Credentials in it are masked. Of a request or a response that hangs on it only method, address
 * and status are told. It takes anything: cycles, depth, getters that throw and errors of any size do no harm.
 *
 * ```ts
 * const logger = pino({ serializers: { err: logError } })
 * ```
 */
export function logError(thrown: unknown): unknown {
  try {
    return writer()(thrown, 0)
  } catch {
    return { type: 'Error', message: 'The error can not be written down.' }
  }
}

function writer(): (value: unknown, depth: number) => unknown {
  const seen = new Set<object>()
  let room: number = bounds.all

  function text(value: string, most: number = bounds.text): string {
    const limit = Math.max(0, Math.min(most, room))
    // Before it is cut, or half a credential might be left, which looks like none.
    const whole = maskCredentials(value.slice(0, 2 * bounds.stack))
    const cut = whole.length > limit ? `${whole.slice(0, limit)}…` : whole
    room -= cut.length
    return cut
  }

  function write(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        return text(value)
      case 'bigint':
        return String(value)
      case 'function':
      case 'symbol':
        return undefined
      case 'object':
        return value === null ? null : writeObject(value, depth)
      case 'number':
      case 'boolean':
      case 'undefined':
        return value
    }
  }

  function writeObject(value: object, depth: number): unknown {
    if (seen.has(value)) return '[repeated]'
    seen.add(value)
    if (depth > bounds.depth || seen.size > bounds.nodes) return leftOut
    if (value instanceof Error) return writeError(value, depth)
    if (Array.isArray(value)) return value.slice(0, bounds.items).map((item) => write(item, depth + 1))
    if (value instanceof URL) return withoutQuery(value.href)
    const prototype: unknown = Object.getPrototypeOf(value)
    const isPlain = prototype === null || prototype === Object.prototype
    return isPlain ? writeProperties(value, depth) : `[${text(typeOf(value), 100)}]`
  }

  function writeError(error: Error, depth: number): object {
    const message = read(error, 'message')
    const stack = read(error, 'stack')
    const errors = read(error, 'errors')
    const cause = read(error, 'cause')
    return {
      type: text(typeOf(error), 100),
      message: typeof message === 'string' ? text(message) : '',
      ...(typeof stack === 'string' ? { stack: text(stack, bounds.stack) } : {}),
      ...(cause === undefined ? {} : { cause: write(cause, depth + 1) }),
      ...(Array.isArray(errors) ? { errors: write(errors, depth + 1) } : {}),
      ...writeProperties(error, depth),
    }
  }

  function writeProperties(value: object, depth: number): object {
    const written: Record<string, unknown> = {}
    const own = Object.entries(Object.getOwnPropertyDescriptors(value))
    for (const [name, { enumerable, value: property }] of own.slice(0, bounds.keys)) {
      const isTold = value instanceof Error && /^(type|message|stack|cause|errors)$/.test(name)
      // A getter is somebody's program; and a name may be anything.
      if (enumerable !== true || property === undefined || isTold || name === '__proto__') continue
      written[text(name, 100)] = writeProperty(name, property, depth)
    }
    return written
  }

  function writeProperty(name: string, value: unknown, depth: number): unknown {
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
    const plainName = name.toLowerCase().replaceAll(/[^a-z\d]/g, '')
    if (requestNames.test(plainName)) return writeParts(value, ['method'])
    if (responseNames.test(plainName)) return writeParts(value, ['status', 'statusCode', 'statusText'])
    if (contentNames.test(plainName)) return leftOut
    if (isCredentialName(name)) return masked
    if (typeof value === 'string' && /^(url|uri|href|path)$/.test(plainName)) return withoutQuery(value)
    return write(value, depth + 1)
  }

  /** Some simple properties of what may be an object of any library, and its address. */
  function writeParts(value: unknown, names: readonly string[]): unknown {
    if (typeof value !== 'object' || value === null) return leftOut
    const parts = names.flatMap((name) => {
      const part = read(value, name)
      return typeof part === 'string' || typeof part === 'number' ? [[name, write(part, 0)]] : []
    })
    const url = read(value, 'url')
    return {
      ...Object.fromEntries(parts),
      ...(typeof url === 'string' ? { url: withoutQuery(url) } : {}),
    }
  }

  function withoutQuery(url: string): string {
    return text(url.replace(/[?#].*$/s, ''))
  }

  return write
}

/** A property; undefined when it can't be read. */
function read(value: object, name: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>>)[name]
  } catch {
    return undefined
  }
}

function typeOf(value: object): string {
  const constructor = read(value, 'constructor')
  const name = typeof constructor === 'function' ? constructor.name : read(value, 'name')
  return typeof name === 'string' && name !== '' ? name : 'Error'
}
