import { manifestText } from './manifest-text.js'
import type { Template } from './template.js'
import { typescriptParts } from './typescript-parts.js'

/** A bot that is a function. */
export const functionTemplate: Template = {
  description: 'a function in TypeScript that answers',
  bot: 'bot.ts',
  files: (project) => ({
    'bot.ts': bot,
    'bot.test.ts': test,
    'package.json': manifestText(project, {
      scripts: typescriptParts.scripts,
      dependencies: ['@colloquy/chat', '@colloquy/session', 'colloquy'],
      devDependencies: typescriptParts.devDependencies,
    }),
    'tsconfig.json': typescriptParts.config,
    'README.md': readme(project.name),
    '.gitignore': 'node_modules/\n.env\n',
  }),
}

const bot = `import type { ChatContext, Chunk } from '@colloquy/chat'

/** Says every message back, word by word, and counts the messages of the session. */
export default async function* bot(
  message: string,
  { state, signal }: ChatContext,
): AsyncGenerator<Chunk | string> {
  const count = (typeof state === 'number' ? state : 0) + 1
  for (const word of \`Message \${count}: \${message}\`.split(/(?<= )/)) {
    if (signal.aborted) return // nobody wants the rest
    yield word
  }
  yield { type: 'state', state: count } // what the session's next message is given
}
`

const test = `import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ChatContext, defineChat } from '@colloquy/chat'
import { testChatInterface } from '@colloquy/session/testing'
import bot from './bot.ts'

describe('the bot', () => {
  it('says a message back, and counts it', async () => {
    const context = { state: 2, signal: new AbortController().signal } as ChatContext
    assert.deepEqual(await Array.fromAsync(bot('Hello there', context)), [
      'Message ',
      '3: ',
      'Hello ',
      'there',
      { type: 'state', state: 3 },
    ])
  })
})

// What everything that answers has to keep to: it stops when it is told to, answers many sessions at once, and so on.
testChatInterface({ describe, it }, 'the bot', () => defineChat(bot), {
  longMessage: 'one two three four five',
})
`

function readme(name: string): string {
  return `# ${name}

A bot that [Colloquy](https://www.npmjs.com/package/colloquy) serves over HTTP. \`bot.ts\` is all of it: a
function that is given each message, and yields the answer.

\`\`\`sh
npm install
npm run dev                # http://localhost:8000, and the bot anew whenever bot.ts changes
npx colloquy chat Hello    # in another terminal
\`\`\`

| command         | what it does                                  |
| --------------- | --------------------------------------------- |
| \`npm start\`     | serves the bot                                |
| \`npm run dev\`   | serves it, and loads it anew when it changes  |
| \`npm test\`      | tests it                                      |
| \`npm run types\` | checks its types; running it takes no build   |

What a bot is given and may yield: [@colloquy/chat](https://www.npmjs.com/package/@colloquy/chat).
`
}
