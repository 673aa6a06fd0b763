import type { FunctionDefinition, JsonObject } from '@colloquy/session'
import type { asSchema, ToolSet } from 'ai'

/** The definitions of tools, with their schemas as JSON Schema. */
export function defineFunctions(
  tools: ToolSet,
  toSchema: typeof asSchema,
): Promise<readonly FunctionDefinition[]> {
  return Promise.all(
    Object.entries(tools).map(async ([name, { description, inputSchema }]) => ({
      name,
      // One that is made for each call says nothing here.
      description: typeof description === 'string' ? description : '',
      // Libraries hang functions on what they make; a definition is data.
      parameters: JSON.parse(JSON.stringify(await toSchema(inputSchema).jsonSchema)) as JsonObject,
    })),
  )
}
