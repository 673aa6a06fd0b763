import type { Tool, ToolSet } from 'ai'
import { carryAsJson, notCarried } from './carry-as-json.js'

/**
 * Tools whose functions fail when they return what JSON can't carry, so that the model is told, and the turn goes on: the
 * SDK by itself fails as a whole. One that says itself what the model sees of its result (`toModelOutput`) stays as it is.
 */
export function checkResults(tools: ToolSet): ToolSet {
  return Object.fromEntries(Object.entries(tools).map(([name, tool]) => [name, checkResult(name, tool)]))
}

function checkResult(name: string, tool: ToolSet[string]): ToolSet[string] {
  if (typeof tool.execute !== 'function' || tool.toModelOutput !== undefined) return tool
  const execute: NonNullable<Tool['execute']> = (input: unknown, options) => {
    const returned: unknown = tool.execute?.(input, options)
    return isAsyncIterable(returned) ? checkEach(name, returned) : checkOne(name, returned)
  }
  const own = Object.create(Object.getPrototypeOf(tool) as object | null) as ToolSet[string]
  return Object.assign(own, tool, { execute })
}

async function checkOne(name: string, returned: unknown): Promise<unknown> {
  return checked(name, await returned)
}

async function* checkEach(name: string, returned: AsyncIterable<unknown>): AsyncGenerator {
  for await (const value of returned) yield checked(name, value)
}

/** What the model and clients see of it. @throws Error for what JSON can't carry */
function checked(name: string, value: unknown): unknown {
  const carried = carryAsJson(value)
  if ('value' in carried) return carried.value
  throw new Error(notCarried(name, carried.fault))
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
