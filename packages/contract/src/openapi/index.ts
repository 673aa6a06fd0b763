export { createOpenApiDocument, type DocumentOptions, type OpenApiDocument } from './create-document.js'
