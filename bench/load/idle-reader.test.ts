import { expect, it } from 'vitest'
import { IdleReader } from './idle-reader.ts'

function read(...pieces: readonly string[]) {
  const ready: string[] = []
  const faults: string[] = []
  const reader = new IdleReader(
    2,
    (path) => ready.push(path),
    (fault) => faults.push(fault),
  )
  reader.head(200, 'HTTP/1.1 200 OK\r\nX-Session-Id: sess_1\r\nX-Turn-Id: turn_1')
  for (const piece of pieces) reader.piece(piece)
  return { ready, faults, reader }
}

const events = 'retry: 1000\nid: 1\nevent: turn.started\ndata: {}\n\nid: 2\nevent: text.delta\ndata: {}\n\n'

it('is ready when its first events are there, however they are cut', () => {
  for (let at = 1; at < events.length; at += 1) {
    const { ready, faults } = read(events.slice(0, at), events.slice(at), ': keep-alive\n\n')
    expect({ ready, faults }).toEqual({ ready: ['/api/v1/sessions/sess_1/turns/turn_1/events'], faults: [] })
  }
})

it('tells what should not come', () => {
  expect(read(events, 'id: 3\nevent: text.delta\ndata: {}\n\n').faults).toEqual([
    'an event for a reader that is idle: text.delta',
  ])
  expect(read(events.replace('text.delta', 'data')).faults).toEqual(['the events are turn.started, data'])
})

it('tells of its end once', () => {
  const { reader, faults } = read(events)
  reader.end()
  reader.fail(new Error('gone'))
  expect(faults).toEqual(['a stream has ended that has no end'])
})
