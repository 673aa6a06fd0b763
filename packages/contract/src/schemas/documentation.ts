import { z } from 'zod'

/** The path of a file that a documentation page needs. */
export const documentationFilePath = z.strictObject({ file: z.string() })
