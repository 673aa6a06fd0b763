import { expect, it } from 'vitest'
import { nameOfCommand } from './name-of-command.js'

it.each([
  ['tr a-z A-Z', 'tr'],
  ['  /usr/bin/tr a-z A-Z', 'tr'],
  ['./my-agent.sh --acp', 'my-agent.sh'],
  ['cat', 'cat'],
  ['cat | tr a b', 'cat'],
  ['cat; echo secret', 'command'],
  ['API_TOKEN=sk-secret python3 bot.py', 'command'],
  ["API_TOKEN='sk-secret other-secret' python3 bot.py", 'command'],
  ['A=$(echo secret) cat', 'command'],
  ['cat "$SECRET"', 'command'],
  ['agent --key=sk-secret', 'command'],
  ['/opt/my\\ agent --acp', 'command'],
  ['(cd /tmp; ls)', 'command'],
  ['', 'command'],
])('%j is called %s', (line, name) => {
  expect(nameOfCommand(line)).toBe(name)
})
