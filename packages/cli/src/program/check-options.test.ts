import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { checkOptions } from './check-options.js'
import { addConfigOptions } from './setting-options.js'

const command = new Command('serve')
addConfigOptions(command)

const check = (...args: string[]) => checkOptions(command, args)

describe('the options of a command', () => {
  it.each([
    [[]],
    [['./bot.ts', '--port', '80', '--pretty']],
    [['--port=80', '--no-pretty', '--cors-origin', '*']],
    [['--session-ttl', '-1']],
    [['--host', '-']],
    [['-', '--', '--prot']],
    [['--prot', '--help']],
    [['-h', '--port']],
  ])('are left as they are when none is wrong, or help is wanted: %j', (args) => {
    expect(check(...args)).toEqual({ args, faults: [] })
  })

  it.each<[string[], string[], string]>([
    [['--port', '--host', '::1'], ['--host', '::1'], '--port: its value is missing. Example: --port 8000'],
    [['--port', '--host=::1'], ['--host=::1'], '--port: its value is missing. Example: --port 8000'],
    [['--config'], [], '--config: its value is missing. Example: --config colloquy.config.json'],
    [['--env-file'], [], '--env-file: its value is missing. Example: --env-file .env'],
    [
      ['--prot=80', './bot.ts'],
      ['./bot.ts'],
      '--prot: there is no such option. Did you mean --port? Example: --port 8000',
    ],
    [['--prot', '80', './bot.ts'], ['./bot.ts'], '--prot: there is no such option. Did you mean --port?'],
    [['--prety', './bot.ts'], ['./bot.ts'], '--prety: there is no such option. Did you mean --pretty?'],
    [['--prot', '--pretty'], ['--pretty'], '--prot: there is no such option.'],
    [['--no-such-thing', 'x', '--pretty'], ['--pretty'], '--no-such-thing: there is no such option.'],
    [['-p', '80'], [], '-p: there is no such option.'],
    [['--start-degraded=1'], [], '--start-degraded: it takes no value. Example: --start-degraded'],
  ])('%j are told', (args, kept, fault) => {
    expect(check(...args)).toEqual({ args: kept, faults: [expect.stringContaining(fault)] })
  })

  it('that are wrong are told without their values, which may be secrets', () => {
    expect(check('--api-key=secret', '--api-keys', 'secret').faults.join()).not.toContain('secret')
  })
})
