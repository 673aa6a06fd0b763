import { createClient } from '@colloquy/client'
import { createOpenApiDocument } from '@colloquy/contract/openapi'
import { describe, expect, it } from 'vitest'

interface Stream {
  readonly examples: Readonly<Record<string, { readonly value: string }>>
}

const { paths = {} } = createOpenApiDocument({ version: '1' })
const chat = paths['/api/v1/chat']?.post?.responses?.['200'] as { content: Record<string, Stream> }
const examples = Object.entries(chat.content['text/event-stream']?.examples ?? {})

describe('a stream in the documentation', () => {
  it('is there for every way that a turn can end, and for one that has to wait', () => {
    const names = ['completed', 'failed', 'cancelled', 'interrupted', 'queued']
    expect(examples.map(([name]) => name)).toEqual(names)
  })

  it.each(examples)('of a turn that is %s is what the client can read', async (name, { value }) => {
    const bytes = new TextEncoder().encode(value)
    // One byte at a time, which is as bad as a network can be.
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
        controller.close()
      },
    })
    const headers = { 'Content-Type': 'text/event-stream', 'X-Session-Id': 'sess_1', 'X-Turn-Id': 'turn_1' }
    const client = createClient({
      baseUrl: 'http://localhost',
      fetch: async () => new Response(body, { headers }),
    })
    const types: string[] = []
    let seq = 0
    for await (const event of client.stream('Show me some chairs')) {
      types.push(event.type)
      expect(event.seq).toBe((seq += 1))
    }
    const ends = name === 'queued' ? ['turn.queued', 'turn.completed'] : ['turn.started', `turn.${name}`]
    expect([types.at(0), types.at(-1)]).toEqual(ends)
  })
})
