import { describe, expect, it } from 'vitest'
import { readChatSpec } from './chat-spec.js'

describe('what stands for a chat', () => {
  it.each([
    ['assistant', { kind: 'assistant' }],
    ['./bot.ts', { kind: 'file', path: './bot.ts' }],
    ['bot.py', { kind: 'file', path: 'bot.py' }],
    ['/srv/bots/bot', { kind: 'file', path: '/srv/bots/bot' }],
    ['C:\\bots\\bot.ts', { kind: 'file', path: 'C:\\bots\\bot.ts' }],
    ['./assistant', { kind: 'file', path: './assistant' }],
    ['file:///srv/bot.ts', { kind: 'file', path: 'file:///srv/bot.ts' }],
    ['models:openai/x', { kind: 'file', path: 'models:openai/x' }],
    ['model:openai/gpt-5-mini', { kind: 'model', id: 'openai/gpt-5-mini' }],
    ['model: ollama/hf.co/me/llama:8b', { kind: 'model', id: 'ollama/hf.co/me/llama:8b' }],
    ['exec:tr a-z A-Z | sed s/^/:/', { kind: 'exec', command: 'tr a-z A-Z | sed s/^/:/' }],
    ['process:python3 bot.py --fast', { kind: 'process', command: 'python3 bot.py --fast' }],
    ['acp:some-agent --acp', { kind: 'acp', command: 'some-agent --acp' }],
    ['http://localhost:9000/chat', { kind: 'http', url: 'http://localhost:9000/chat' }],
    ['HTTPS://bots.example/?v=1', { kind: 'http', url: 'HTTPS://bots.example/?v=1' }],
    ['colloquy:http://localhost:8001', { kind: 'colloquy', url: 'http://localhost:8001' }],
    [' assistant ', { kind: 'assistant' }],
  ])('is %j', (text, spec) => {
    expect(readChatSpec(text)).toEqual(spec)
  })

  it.each([
    '',
    ' ',
    'model:',
    'model:gpt-5',
    'model:openai/',
    'model:/gpt-5',
    'model:openai/gpt 5',
    'exec:',
    'process: ',
    'acp:',
    'http://',
    'http://me:secret@host/',
    'http://host/#part',
    'colloquy:',
    'colloquy:localhost:8000',
    'colloquy:ftp://host',
    'colloquy:http://host/?x=1',
  ])('is not %j', (text) => {
    expect(readChatSpec(text)).toBeNull()
  })
})
