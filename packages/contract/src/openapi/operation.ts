import type { RouteConfig } from '@asteasolutions/zod-to-openapi'
import { type AccessRules, checksHost, needsKey } from '../access.js'
import type { Route, RouteName } from '../routes.js'
import { problemResponses } from './problem-responses.js'
import { requestExamples } from './request-examples.js'
import { securityOf } from './security.js'
import { successResponse } from './success-response.js'

/** What a document says of one route. */
export function operationOf(name: RouteName, route: Route, rules: AccessRules): RouteConfig {
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
    security: securityOf(route, rules),
    request: request as NonNullable<RouteConfig['request']>,
    responses: {
      ...successResponse(name, route),
      ...problemResponses(route, {
        unauthenticated: needsKey(route, rules),
        forbidden: checksHost(route, rules),
      }),
    },
  }
}
