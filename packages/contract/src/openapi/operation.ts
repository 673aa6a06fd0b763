import type { RouteConfig } from '@asteasolutions/zod-to-openapi'
import { type Route, type RouteName } from '../routes.js'
import { problemResponses } from './problem-responses.js'
import { requestExamples } from './request-examples.js'
import { checksHost, needsKey, type SecurityOptions, securityOf } from './security.js'
import { successResponse } from './success-response.js'

/** What a document says of one route. */
export function operationOf(name: RouteName, route: Route, options: SecurityOptions): RouteConfig {
  const { params, query, headers, body } = route.request
  const content = (schema: object) => ({
    'application/json': { schema, examples: { ...requestExamples[name] } },
  })
  const request = {
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { query }),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body: { required: body.required, content: content(body.schema) } }),
  }
  return {
    method: route.method,
    path: route.path,
    operationId: name,
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [route.tag],
    security: securityOf(route, options),
    request: request as NonNullable<RouteConfig['request']>,
    responses: {
      ...successResponse(name, route),
      ...problemResponses(route, {
        unauthenticated: needsKey(route, options),
        forbidden: checksHost(route, options),
      }),
    },
  }
}
