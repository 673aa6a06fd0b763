import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { called, serve } from './served.fixture.js'

const { PATH = '' } = process.env

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-several-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

const counting = `
export const chat = {
  name: 'counter',
  async *reply(message, { state }) {
    const count = (state ?? 0) + 1
    yield \`\${message}: \${count}\`
    yield { type: 'state', state: count }
  },
}`

describe('several chats in one server', () => {
  it('are listed, and each session has the one that it chose', async () => {
    const folder = folderWith({ 'bot.mjs': counting })
    const flags = ['shop=assistant', `count=${join(folder, 'bot.mjs')}`, 'loud=exec:tr a-z A-Z']
    const { client } = await serve(
      flags.flatMap((flag) => ['--chat', flag]),
      { PATH },
    )
    const { chats } = await client.status()
    expect(chats.map(({ name }) => name)).toEqual(['shop', 'count', 'loud'])
    expect(chats[0]?.available_functions.map(({ name }) => name)).toContain('lookup_products')

    const { session_id, chat } = await client.sessions.create({ chat: 'count' })
    expect(chat).toBe('count')
    for (const count of [1, 2, 3])
      expect((await client.send({ session_id, message: 'again' })).content).toBe(`again: ${count}`)
    expect((await client.send({ message: 'quiet please', chat: 'loud' })).content).toBe('QUIET PLEASE')
    expect(called(await client.send('Show me chairs under 150'))).toEqual(['lookup_products'])
    await expect(client.sessions.create({ chat: 'kitchen' })).rejects.toMatchObject({
      code: 'validation_failed',
      errors: [{ in: 'body', path: '/chat', message: 'is none of the chats here: shop, count, loud' }],
    })
  })

  it('keep their sessions in a file, over a restart with another first one', async () => {
    const folder = folderWith({ 'bot.mjs': counting })
    const count = `count=${join(folder, 'bot.mjs')}`
    const store = ['--store', `sqlite:${join(folder, 'chats.db')}`]
    const first = await serve(['--chat', count, '--chat', 'loud=exec:tr a-z A-Z', ...store], { PATH })
    const { session_id } = await first.client.send('one')
    first.child.kill('SIGTERM')
    await first.ended
    const second = await serve(['--chat', 'loud=exec:tr a-z A-Z', '--chat', count, ...store], { PATH })
    expect((await second.client.send({ session_id, message: 'two' })).content).toBe('two: 2')
    expect((await second.client.send('three')).content).toBe('THREE')
    second.child.kill('SIGTERM')
    await second.ended
    const without = await serve(['--chat', 'loud=exec:tr a-z A-Z', ...store], { PATH })
    await expect(without.client.send({ session_id, message: 'anybody?' })).rejects.toMatchObject({
      code: 'not_ready',
      status: 503,
    })
  })
})
