import type { ChatInterface, FunctionDefinition } from '../../../chat-interface.js'
import type { Mistake, Mistakes } from './wrong-chat.fixture.js'

/** Tells of its function in its own way. */
const describing =
  (change: object): Mistake =>
  ({ functions = [] }) => ({ functions: functions.map((each) => ({ ...each, ...change })) })

/** Describes the arguments of its function in its own way. */
const withParameters = (parameters: unknown): Mistake => describing({ parameters })

/** Offers a choice of these chats. */
const offering = (...chats: readonly { readonly name: unknown; readonly functions?: unknown }[]): Mistake => {
  const choice = chats.map((chat) => ({ functions: [], ...chat }))
  return () => ({ chats: choice as unknown as NonNullable<ChatInterface['chats']> })
}

const itself: { self?: unknown } = {}
itself.self = itself

export const descriptionMistakes: Mistakes = {
  'has an empty name': () => ({ name: '' }),
  'has a blank name': () => ({ name: ' ' }),
  'has a number for a name': () => ({ name: 1 as unknown as string }),
  'has a function without a name': describing({ name: '' }),
  'has a function without a description': describing({ description: undefined }),
  'has functions by their names': ({ functions = [] }) => ({
    functions: Object.fromEntries(
      functions.map((each) => [each.name, each]),
    ) as unknown as FunctionDefinition[],
  }),
  'has a function twice': ({ functions = [] }) => ({ functions: [...functions, ...functions] }),
  'has a function without parameters': withParameters(undefined),
  'has a list of parameters': withParameters([{ name: 'q', type: 'string' }]),
  'has parameters of a type that JSON Schema does not know': withParameters({ type: 'dict' }),
  'has parameters of several types, one of which JSON Schema does not know': withParameters({
    type: ['object', 'undefined'],
  }),
  'has parameters without schemas': withParameters({ type: 'object', properties: { q: 'string' } }),
  'has a list of properties': withParameters({ type: 'object', properties: ['q'] }),
  'has one required parameter in place of a list': withParameters({ type: 'object', required: 'q' }),
  'has parameters that hold a function': withParameters({ type: 'object', validate: () => true }),
  'has parameters that hold themselves': withParameters(itself),
  'has parameters of a class': withParameters(new Map([['type', 'object']])),
  'has two chats of one name': offering({ name: 'a' }, { name: 'a' }),
  'has a chat without a name': offering({ name: '' }),
  'has a chat whose functions are no list': offering({ name: 'a', functions: {} }),
  'has a chat with a function twice': ({ functions = [] }) => ({
    chats: [{ name: 'a', functions: [...functions, ...functions] }],
  }),
}
