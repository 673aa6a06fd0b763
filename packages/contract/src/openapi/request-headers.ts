import type { Header } from './headers.js'

type RequestHeader = Header & { name: string; in: 'header' }

/** The headers that every request may have, by their names in the document's components. */
export const requestHeaders: Readonly<Record<string, RequestHeader>> = {
  RequestId: {
    name: 'X-Request-Id',
    in: 'header',
    required: false,
    description:
      'An id for the request, to find it again in the log: 1 to 128 visible ASCII characters. Anything else is replaced ' +
      'by a new one. It is sent back in the same header, and in problem documents.',
    schema: { type: 'string', examples: ['checkout-page.42'] },
  },
  TraceParent: {
    name: 'traceparent',
    in: 'header',
    required: false,
    description:
      'The trace that the request belongs to (W3C Trace Context). It is carried on into the log; what is not one is ' +
      'ignored.',
    schema: { type: 'string', examples: ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'] },
  },
}
