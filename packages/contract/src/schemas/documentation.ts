import { z } from 'zod'

/** The path of a file that a documentation page needs. */
export const documentationFilePath = z.strictObject({
  file: z.string().meta({ description: 'The name of the file.' }),
})

/** An OpenAPI document, as far as this package looks into it. */
export const openApiDocument = z
  .looseObject({
    openapi: z.string().meta({ description: 'The version of OpenAPI.', examples: ['3.1.0'] }),
    info: z
      .looseObject({
        title: z.string().meta({ description: 'What the service calls itself.', examples: ['colloquy'] }),
        version: z.string().meta({ description: 'Its version.', examples: ['1.0.0'] }),
      })
      .meta({ description: 'What the document is about.' }),
    paths: z.looseObject({}).meta({ description: 'The routes, by their paths.' }),
  })
  .meta({ id: 'OpenApiDocument', description: 'An OpenAPI 3.1 document.' })
