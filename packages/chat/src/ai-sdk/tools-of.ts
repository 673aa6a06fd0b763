import type { FunctionDefinition, JsonValue } from '@colloquy/session'
import type { ToolSet } from 'ai'
import { importSdk } from './import-sdk.js'

/** What came of a call. An error is a sentence for the model, and for clients. */
export type CallOutcome = { readonly result: JsonValue } | { readonly error: string }

/**
 * Makes tools of functions that are defined without the AI SDK, for those who do not have it at hand.
 *
 * @param call calls a function. The arguments are the model's: nobody has compared them with the schema. What it throws is
 * an error of the call, as with any other tool
 * @param cwd the folder from which the package `ai` is looked for first; see `ModelOptions.cwd`
 * @throws ModelLoadError `missing_package` | `failed_to_load`
 */
export async function toolsOf(
  functions: readonly FunctionDefinition[],
  call: (name: string, args: JsonValue) => CallOutcome | Promise<CallOutcome>,
  cwd?: string,
): Promise<ToolSet> {
  const { jsonSchema, tool } = await importSdk(cwd)
  const tools = functions.map(({ name, description, parameters }) => {
    const execute = async (args: JsonValue): Promise<JsonValue> => {
      const outcome = await call(name, args)
      if ('error' in outcome) throw new Error(outcome.error)
      return outcome.result
    }
    return [name, tool({ description, inputSchema: jsonSchema<JsonValue>(parameters), execute })] as const
  })
  return Object.fromEntries(tools)
}
