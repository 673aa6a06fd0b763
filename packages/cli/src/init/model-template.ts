import { manifestText } from './manifest-text.js'
import type { Template } from './template.js'
import { typescriptParts } from './typescript-parts.js'

/** A bot that is a language model with a function. It answers by itself until there is a key. */
export const modelTemplate: Template = {
  description: 'a language model with a function (tool) that it can call',
  bot: 'bot.ts',
  files: (project) => ({
    'bot.ts': bot,
    'bot.test.ts': test,
    'package.json': manifestText(project, {
      scripts: typescriptParts.scripts,
      dependencies: ['@ai-sdk/openai', '@colloquy/chat', '@colloquy/session', 'ai', 'colloquy', 'zod'],
      devDependencies: typescriptParts.devDependencies,
    }),
    'tsconfig.json': typescriptParts.config,
    'README.md': readme(project.name),
    '.gitignore': 'node_modules/\n.env\n',
  }),
}

const bot = `import { defineChat } from '@colloquy/chat'
import { fromModel, loadModel } from '@colloquy/chat/ai-sdk'
import { tool } from 'ai'
import { z } from 'zod'

/** Which model answers: openai/…, or that of another provider, whose package has to be installed and whose key is set. */
const { MODEL = 'openai/gpt-5-mini', MODEL_BASE_URL, OPENAI_API_KEY } = process.env

/** What the model can call. Its description tells the model when to. */
export const roll = tool({
  description: 'Rolls dice, and returns what each shows.',
  inputSchema: z.object({
    dice: z.number().int().min(1).max(100).describe('how many'),
    sides: z.number().int().min(2).max(1000).describe('how many sides each has'),
  }),
  execute: ({ dice, sides }) => Array.from({ length: dice }, () => 1 + Math.floor(Math.random() * sides)),
})

/** Answers in place of the model as long as there is no key, so that everything else can be tried. */
export const withoutKey = defineChat(
  async function* withoutKey(message) {
    yield 'There is no model yet: '
    yield 'set OPENAI_API_KEY, and start me again. '
    yield \`You said: \${message}\`
  },
  { name: 'no model yet' },
)

const hasModel = Boolean(OPENAI_API_KEY) || !MODEL.startsWith('openai/')

export default hasModel
  ? fromModel(await loadModel(MODEL, { env: process.env, baseUrl: MODEL_BASE_URL, cwd: import.meta.dirname }), {
      system: 'You are a friendly game master. Roll dice with the function, never by yourself.',
      tools: { roll },
    })
  : withoutKey
`

const test = `import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testChatInterface } from '@colloquy/session/testing'
import { roll, withoutKey } from './bot.ts'

describe('the dice', () => {
  it('show one number each, from 1 to the number of their sides', async () => {
    const rolled = await roll.execute?.({ dice: 100, sides: 6 }, { toolCallId: 'call_1', messages: [], context: {} })
    assert.ok(Array.isArray(rolled))
    assert.equal(rolled.length, 100)
    assert.ok(rolled.every((number) => Number.isInteger(number) && number >= 1 && number <= 6))
  })
})

// What answers without a key. A model itself is not asked here: that would cost something, and say something else each time.
testChatInterface({ describe, it }, 'the bot without a key', () => withoutKey, { longMessage: 'Hello' })
`

function readme(name: string): string {
  return `# ${name}

A bot that [Colloquy](https://www.npmjs.com/package/colloquy) serves over HTTP: a language model that can roll
dice. Without a key it answers that there is none; everything else works already.

\`\`\`sh
npm install
export OPENAI_API_KEY=…    # later, if you like
npm run dev                # http://localhost:8000, and the bot anew whenever bot.ts changes
npx colloquy chat Roll two dice
\`\`\`

| command         | what it does                                  |
| --------------- | --------------------------------------------- |
| \`npm start\`     | serves the bot                                |
| \`npm run dev\`   | serves it, and loads it anew when it changes  |
| \`npm test\`      | tests it, without a model                     |
| \`npm run types\` | checks its types; running it takes no build   |

| variable         | meaning                                                                                             | default             |
| ---------------- | --------------------------------------------------------------------------------------------------- | ------------------- |
| \`OPENAI_API_KEY\` | the key of OpenAI                                                                                   | none                |
| \`MODEL\`          | the model: \`openai/…\`, \`anthropic/…\`, \`google/…\`, \`ollama/…\`, \`openai-compatible/…\`                  | \`openai/gpt-5-mini\` |
| \`MODEL_BASE_URL\` | where the model is asked, such as \`http://localhost:8080/v1\`; \`openai-compatible/…\` needs it        | the provider's own  |

Another provider than OpenAI needs its package (\`npm install @ai-sdk/anthropic\`) and its key (\`ANTHROPIC_API_KEY\`);
the start says which.

More about models: [@colloquy/chat](https://www.npmjs.com/package/@colloquy/chat).
`
}
