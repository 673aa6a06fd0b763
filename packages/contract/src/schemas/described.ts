import type { z } from 'zod'

/** The same schema with another description. It keeps its name, so that documents refer to it and don't repeat it. */
export function described<Schema extends z.ZodType>(schema: Schema, description: string): Schema {
  return schema.meta({ ...schema.meta(), description })
}
