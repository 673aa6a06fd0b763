import assert from 'node:assert/strict'
import type { ChatInterface, FunctionDefinition } from '../../chat-interface.js'
import type { ChatTests } from './chat-tests.js'
import { checkParameters } from './check-parameters.js'

export const descriptionTests = (): ChatTests => ({
  'has a name': async ({ chat }) => {
    checkName(chat.name, 'The chat interface')
  },

  'tells a name and a description of each of its functions': async ({ chat }) => {
    for (const definition of functionsOf(chat)) {
      checkName(definition.name, 'A function')
      assert.equal(typeof definition.description, 'string', 'A function has no description')
    }
  },

  'describes the arguments of each of its functions by a JSON Schema': async ({ chat }) => {
    for (const { parameters } of functionsOf(chat)) checkParameters(parameters)
  },

  'has no two functions of one name': async ({ chat }) => {
    for (const functions of [chat.functions ?? [], ...(chat.chats ?? []).map((each) => each.functions)])
      checkDifferent(functions.map(({ name }) => name))
  },

  'names the chats between which sessions choose, each in its own way': async ({ chat }) => {
    const names = (chat.chats ?? []).map(({ name }) => name)
    for (const name of names) checkName(name, 'A chat that can be chosen')
    checkDifferent(names)
  },
})

/** Its functions, and those of all its chats. */
function functionsOf({ functions = [], chats = [] }: ChatInterface): readonly FunctionDefinition[] {
  const all: readonly unknown[] = [functions, ...chats.map((chat) => chat.functions)]
  for (const list of all) assert(Array.isArray(list), 'functions is no array')
  return [...functions, ...chats.flatMap((chat) => chat.functions)]
}

function checkName(name: unknown, whose: string): void {
  assert(typeof name === 'string' && name.trim() !== '', `${whose} has no name`)
}

function checkDifferent(names: readonly string[]): void {
  assert.deepEqual([...new Set(names)], names, 'Two have the same name')
}
