import { manifestText } from './manifest-text.js'
import type { Template } from './template.js'

/** A bot that is a program in another language. */
export const processTemplate: Template = {
  description: 'a program in Python; one in any language works the same way',
  bot: 'bot.py',
  files: (project) => ({
    'bot.py': bot,
    'bot.test.js': test,
    'package.json': manifestText(project, {
      scripts: {
        start: 'colloquy serve ./bot.py',
        dev: 'colloquy serve ./bot.py --log-level debug',
        test: 'node --test',
      },
      dependencies: ['@colloquy/chat', '@colloquy/session', 'colloquy'],
      devDependencies: [],
    }),
    'README.md': readme(project.name),
    '.gitignore': 'node_modules/\n.env\n__pycache__/\n',
  }),
}

const bot = `"""Says every message back, word by word, and counts the messages of the session."""

import json
import sys
import threading

lock = threading.Lock()
stops = {}  # what tells each running turn to stop, by its id


def say(type, **fields):
    with lock:  # the lines of turns that run at once are not to be mixed
        print(json.dumps({"type": type, **fields}), flush=True)


def answer(turn, stop):
    turn_id = turn["turn_id"]
    try:
        count = (turn["state"] or 0) + 1
        for word in f"Message {count}: {turn['message']}".split(" "):
            if stop.is_set():
                break  # nobody wants the rest
            say("text", turn_id=turn_id, text=word + " ")
        say("state", turn_id=turn_id, state=count)  # what the session's next message is given
        say("end", turn_id=turn_id)
    except Exception as error:  # a turn has to end, whatever happens
        say("error", turn_id=turn_id, message=type(error).__name__)
        raise  # with its place, to the log
    finally:
        del stops[turn_id]


for line in sys.stdin.buffer:
    heard = json.loads(line)
    if heard["type"] == "start":
        say("ready", name="bot")
    elif heard["type"] == "turn":
        stops[heard["turn_id"]] = stop = threading.Event()
        threading.Thread(target=answer, args=(heard, stop)).start()
    elif heard["type"] == "cancel":
        stops.get(heard["turn_id"], threading.Event()).set()  # it may be over

for stop in list(stops.values()):  # its input has ended, so the server is gone
    stop.set()
`

const test = `import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fromProcess } from '@colloquy/chat/process'
import { testChatInterface } from '@colloquy/session/testing'

const start = () => fromProcess({ command: 'python3', args: ['-u', 'bot.py'], cwd: import.meta.dirname })

describe('the bot', () => {
  it('says a message back, and counts it', async () => {
    const bot = start()
    await bot.start?.()
    try {
      const context = {
        session: { id: 'session_1', metadata: {}, chat: null },
        turnId: 'turn_1',
        history: [],
        state: 2,
        signal: new AbortController().signal,
        logger: console,
      }
      assert.deepEqual(await Array.fromAsync(bot.reply('Hello there', context)), [
        { type: 'text', text: 'Message ' },
        { type: 'text', text: '3: ' },
        { type: 'text', text: 'Hello ' },
        { type: 'text', text: 'there ' },
        { type: 'state', state: 3 },
      ])
    } finally {
      await bot.stop?.()
    }
  })
})

// What everything that answers has to keep to: it stops when it is told to, answers many sessions at once, and so on.
testChatInterface({ describe, it }, 'the bot', start, { longMessage: 'one two three four five' })
`

function readme(name: string): string {
  return `# ${name}

A bot in Python that [Colloquy](https://www.npmjs.com/package/colloquy) serves over HTTP. \`bot.py\` is all of it: it reads
lines of JSON from its standard input, and writes lines of JSON to its standard output. It needs Python 3 and no packages.

\`\`\`sh
npm install
npm run dev                # http://localhost:8000
npx colloquy chat Hello    # in another terminal
\`\`\`

| command       | what it does                                    |
| ------------- | ----------------------------------------------- |
| \`npm start\`   | serves the bot                                  |
| \`npm run dev\` | serves it, and logs all that there is to say    |
| \`npm test\`    | tests it                                        |

What the lines say: [@colloquy/chat](https://www.npmjs.com/package/@colloquy/chat), under programs.
`
}
