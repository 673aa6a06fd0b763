import { expect, it } from 'vitest'
import { explainNetworkError } from './explain-network-error.js'

const url = 'https://chat.example.com'

/** What `fetch` fails with: the system's error is below its own. */
function fetchError(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
}

// What a test can't bring about on every machine. The others are told of real servers, in server-errors.test.ts.
it.each([
  ['CERT_HAS_EXPIRED', `The certificate of ${url} has expired. It has to be renewed there.`],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    `The certificate of ${url} is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE). If it is your own, name the file of its authority in the variable NODE_EXTRA_CA_CERTS.`,
  ],
  [
    'EHOSTUNREACH',
    `${url} can't be reached (EHOSTUNREACH). Check the address, the network and any firewall between.`,
  ],
  [
    'UND_ERR_CONNECT_TIMEOUT',
    `${url} can't be reached (UND_ERR_CONNECT_TIMEOUT). Check the address, the network and any firewall between.`,
  ],
  ['EAI_AGAIN', `The host of ${url} is not known. Choose a server with --url or COLLOQUY_URL.`],
  ['UND_ERR_SOCKET', `It failed. ${url}, or a proxy before it, closed the connection. Try again.`],
  ['ENEW', `It failed. (${url}, ENEW)`],
])('%s is told with what to do', (code, message) => {
  expect(explainNetworkError(fetchError(code), 'It failed.', url)).toBe(message)
})

it('a cause that is no error of the system is told in the words of the client', () => {
  expect(explainNetworkError(undefined, 'It failed.', url)).toBe(`It failed. (${url})`)
  expect(explainNetworkError(new TypeError('fetch failed'), 'It failed.', url)).toBe(`It failed. (${url})`)
})
