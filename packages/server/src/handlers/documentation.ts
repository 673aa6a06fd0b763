import type { DocumentOptions } from '@colloquy/contract/openapi'
import type { Request, Response } from 'express'
import { ServerError } from '../answer/server-error.js'
import { writeHead } from '../answer/write-head.js'
import { documentationFiles } from '../documentation/files.js'
import { pagePolicy, redocPage, swaggerPage } from '../documentation/pages.js'

const fileOf = documentationFiles()

/** Serves the API's documentation: the document, two pages that show it, and the files that the pages need. */
export function documentationHandlers(
  options: Omit<DocumentOptions, 'basePath'> & { readonly title: string },
) {
  // The generator is loaded when somebody wants the document, and the document is made once for each mount path.
  const documents = new Map<string, Promise<object>>()
  const make = async (basePath: string): Promise<object> => {
    const { createOpenApiDocument } = await import('@colloquy/contract/openapi')
    return createOpenApiDocument({ ...options, basePath })
  }
  return {
    openapi({ req }: { req: Request }): Promise<object> {
      const basePath = req.baseUrl === '' ? '/' : req.baseUrl
      if (documents.size > 100) documents.clear() // somebody mounts the app under a path with parameters
      const document = documents.get(basePath) ?? make(basePath)
      documents.set(basePath, document)
      return document
    },

    async docs({ res }: { res: Response }): Promise<undefined> {
      sendPage(res, swaggerPage(options.title))
    },

    async redoc({ res }: { res: Response }): Promise<undefined> {
      sendPage(res, redocPage(options.title))
    },

    async documentationFile({
      res,
      params,
    }: {
      res: Response
      params: { file: string }
    }): Promise<undefined> {
      const file = await fileOf(params.file)
      if (file === null)
        throw new ServerError('not_found', { detail: 'The pages need no file of this name.' })
      writeHead(res, 200, ['Content-Type', file.type, 'Content-Length', file.bytes.length], {
        cache: 'public, max-age=3600',
      }).end(file.bytes)
    },
  }
}

function sendPage(res: Response, html: string): void {
  writeHead(
    res,
    200,
    ['Content-Type', 'text/html; charset=utf-8', 'Content-Length', Buffer.byteLength(html)],
    {
      policy: pagePolicy,
      cache: 'no-cache',
    },
  ).end(html)
}
