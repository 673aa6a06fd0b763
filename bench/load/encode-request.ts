/** Headers besides those that every request has. */
export type Headers = Readonly<Record<string, string>>

/** A request without a body. */
export function encodeGet(port: number, path: string, headers: Headers = {}): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines(headers)}\r\n`
}

/** What makes requests of JSON texts in ASCII, which differ in nothing else: their head is made once. */
export function postEncoder(port: number, path: string, headers: Headers = {}): (json: string) => string {
  const type = 'Content-Type: application/json\r\n'
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${type}${lines(headers)}Content-Length: `
  return (json) => `${head}${json.length}\r\n\r\n${json}`
}

function lines(headers: Headers): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
}
