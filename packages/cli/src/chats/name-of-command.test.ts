import { expect, it } from 'vitest'
import { nameOfCommand } from './name-of-command.js'

it.each([
  ['tr a-z A-Z', 'tr'],
  ['  /usr/bin/tr a-z A-Z', 'tr'],
  ['API_TOKEN=sk-secret python3 bot.py', 'python3'],
  ['A=1 B=2 exec ./my-agent.sh --key sk-secret', 'my-agent.sh'],
  ['env A=sk-secret node bot.mjs', 'node'],
  ['cat; echo secret', 'cat'],
  ['cat|tr a b', 'cat'],
  ["'/opt/my-agent' --acp", 'my-agent'],
  ['API_TOKEN=sk-secret', 'command'],
  ['(cd /tmp; ls)', 'command'],
  ['', 'command'],
])('%j is called %s', (line, name) => {
  expect(nameOfCommand(line)).toBe(name)
})
