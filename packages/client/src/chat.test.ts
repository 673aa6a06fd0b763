import { expect, test } from 'vitest'
import { chatResponse } from '../test/recorded.js'
import { sendJson, startServer } from '../test/start-server.js'
import { createClient } from './index.js'

test('a string is sent as the message and the answer comes back whole', async () => {
  const { url, received } = await startServer((response) => sendJson(response, chatResponse))
  expect(await createClient({ baseUrl: url }).send('Stühle?')).toEqual(chatResponse)
  expect(received).toMatchObject([
    {
      method: 'POST',
      url: '/api/v1/chat',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
    },
  ])
  expect(JSON.parse(received[0]?.body ?? '')).toEqual({ message: 'Stühle?', stream: false })
})

test('a whole request is sent as it is, but never asks for a stream', async () => {
  const { url, received } = await startServer((response) => sendJson(response, chatResponse))
  const request = { message: 'Again', session_id: 'sess_1', metadata: { from: 'test' }, stream: true }
  await createClient({ baseUrl: url }).send(request)
  expect(JSON.parse(received[0]?.body ?? '')).toEqual({ ...request, stream: false })
})

test('fields that this version does not know are kept', async () => {
  const { url } = await startServer((response) => sendJson(response, { ...chatResponse, mood: 'good' }))
  expect(await createClient({ baseUrl: url }).send('Hello')).toHaveProperty('mood', 'good')
})

test('headers of the call win over headers of the client, whatever their case', async () => {
  const { url, received } = await startServer((response) => sendJson(response, chatResponse))
  const client = createClient({ baseUrl: url, headers: { Authorization: 'Bearer a', 'X-Shop': 'north' } })
  await client.send('Hello', { headers: { authorization: 'Bearer b' } })
  expect(received[0]?.headers).toMatchObject({
    authorization: 'Bearer b',
    'x-shop': 'north',
  })
})

test('requests go through a fetch that is handed in', async () => {
  const urls: string[] = []
  const client = createClient({
    baseUrl: 'https://chat.example',
    fetch: async (url) => {
      urls.push(url)
      return Response.json(chatResponse)
    },
  })
  await client.send('Hello')
  expect(urls).toEqual(['https://chat.example/api/v1/chat'])
})
