import { adapt, readSnippet } from './read-snippet.ts'
import { testReverseProxy } from './reverse-proxy-suite.ts'
import { noNginx, startNginx } from './start-nginx.ts'

const snippet = readSnippet('nginx.conf')

testReverseProxy({
  name: 'nginx',
  missing: noNginx,
  idleMs: Number(/keepalive_timeout (\d+)s/.exec(snippet)?.[1]) * 1000,
  start: ({ listen, server }) =>
    startNginx(
      adapt(snippet, {
        '127.0.0.1:8000': `127.0.0.1:${server}`,
        'listen 80;': `listen 127.0.0.1:${listen};`,
      }),
    ),
})
