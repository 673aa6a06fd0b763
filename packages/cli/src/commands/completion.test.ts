import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Shell, shells } from '../completion/shells.js'
import { runMain } from '../run-main.fixture.js'
import { noTerminal, startTerminal } from '../terminal.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'

const missing = Object.fromEntries(
  shells.map((shell) => [
    shell,
    spawnSync(shell, ['--version']).status === 0 ? null : `${shell} is not installed`,
  ]),
) as Readonly<Record<Shell, string | null>>

const whySkipped = (shell: Shell) => (missing[shell] === null ? '' : ` (skipped: ${missing[shell]})`)

/** A folder with the script of a shell, and some files to be found. */
async function folderFor(shell: Shell) {
  const folder = writeFolder({ 'bot.ts': '', 'b c.ts': '', 'data/keys.txt': '' })
  const { exitCode, stdout, stderr } = await runMain(['completion', shell])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  writeFileSync(join(folder, 'colloquy.script'), stdout)
  return folder
}

/** Runs a program in a folder, and gives its lines in order; nothing is said on stderr. */
function linesOf(cwd: string, program: string, ...args: readonly string[]): readonly string[] {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .sort()
}

/** What bash is given for a line. */
const inBash = (cwd: string, line: string, breaks = ' =:') =>
  linesOf(
    cwd,
    'bash',
    '-c',
    `source ./colloquy.script; COMP_WORDBREAKS=$2; COMP_LINE=$1; COMP_POINT=\${#1}; _colloquy
     if [[ \${#COMPREPLY[@]} -gt 0 ]]; then printf '%s\\n' "\${COMPREPLY[@]}"; fi`,
    'bash',
    line,
    breaks,
  )

/** What fish offers for a line, without the descriptions. */
const inFish = (cwd: string, line: string) =>
  linesOf(cwd, 'fish', '--no-config', '-c', 'source ./colloquy.script; complete -C "$argv[1]"', line).map(
    (offer) => offer.split('\t')[0] ?? '',
  )

const offerers = [
  ['bash', inBash],
  ['fish', inFish],
] as const

const levels = ['debug', 'error', 'fatal', 'info', 'silent', 'trace', 'warn']

/** The flags that the help of a command shows. */
async function flagsIn(...path: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await runMain([...path, '--help'])
  return Array.from(stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm), ([, flag = '']) => flag).sort()
}

describe.each(offerers)('completion in %s', (shell, offers) => {
  describe.skipIf(missing[shell] !== null)(`as it is offered${whySkipped(shell)}`, () => {
    it('has every command, and the commands of commands', async () => {
      const folder = await folderFor(shell)
      const commandsIn = async (...path: readonly string[]) => {
        const { stdout } = await runMain([...path, '--help'])
        const sections = stdout.split(/\n(?=[A-Z].*:\n)/).slice(1)
        const ofCommands = sections.filter((section) => !/^(?:Arguments|Options|Examples):/.test(section))
        const names = ofCommands.flatMap((section) =>
          Array.from(section.matchAll(/^ {2}(\w+)/gm), ([, name = '']) => name),
        )
        expect(names.length).toBeGreaterThan(2)
        return names.sort()
      }
      expect(offers(folder, 'colloquy ')).toEqual(await commandsIn())
      expect(offers(folder, 'colloquy help ')).toEqual((await commandsIn()).filter((name) => name !== 'help'))
      for (const name of ['keys', 'sessions'])
        expect(offers(folder, `colloquy ${name} `)).toEqual(
          (await commandsIn(name)).filter((name) => name !== 'help'),
        )
      expect(offers(folder, 'colloquy se')).toEqual(['serve', 'sessions'])
    })

    it.each(['serve', 'config', 'doctor', 'keys create', 'sessions export', 'init'])(
      'has every flag of %s',
      async (path) => {
        const folder = await folderFor(shell)
        expect(offers(folder, `colloquy ${path} --`)).toEqual(await flagsIn(...path.split(' ')))
      },
    )

    it('has the values of a flag, behind a blank and behind =', async () => {
      const folder = await folderFor(shell)
      expect(offers(folder, 'colloquy serve --log-level ')).toEqual(levels)
      expect(offers(folder, 'colloquy serve ./bot.ts --port 1 --log-level de')).toEqual(['debug'])
      expect(offers(folder, 'colloquy init --template m')).toEqual(['model'])
      expect(offers(folder, 'colloquy completion ')).toEqual(['bash', 'fish', 'zsh'])
      const [level] = offers(folder, 'colloquy serve --log-level=de')
      expect(level).toBe(shell === 'bash' ? 'debug' : '--log-level=debug') // bash replaces what follows =
    })

    it('has files and folders where one is wanted, and nothing where nobody can guess', async () => {
      const folder = await folderFor(shell)
      expect(offers(folder, 'colloquy serve ./bo')).toEqual(['./bot.ts'])
      expect(offers(folder, 'colloquy serve --api-keys-file data/')).toEqual(['data/keys.txt'])
      expect(offers(folder, 'colloquy serve --data-dir d').map((name) => name.replace(/\/$/, ''))).toEqual([
        'data',
      ])
      expect(offers(folder, 'colloquy serve --port ')).toEqual([])
      expect(offers(folder, 'colloquy chat b')).toEqual([])
    })

    it('takes the value of a flag for no command', async () => {
      const folder = await folderFor(shell)
      expect(offers(folder, 'colloquy keys create --file serve --ro')).toEqual(['--rotate'])
      expect(offers(folder, 'colloquy serve chat --next')).toEqual(['--next-port'])
    })
  })
})

describe.skipIf(missing.bash !== null)(`completion in bash${whySkipped('bash')}`, () => {
  it('gives back the whole word where bash does not end words at =', async () => {
    const folder = await folderFor('bash')
    expect(inBash(folder, 'colloquy serve --log-level=de', ' ')).toEqual(['--log-level=debug'])
  })

  it('gives back only what follows a colon, where bash ends words there', async () => {
    const folder = await folderFor('bash')
    expect(inBash(folder, 'colloquy serve --store sqlite:')).toEqual([])
    expect(inBash(folder, 'colloquy serve --store s')).toEqual(['sqlite:'])
  })

  it('looks only at what is before the cursor', async () => {
    const folder = await folderFor('bash')
    const script = `source ./colloquy.script; COMP_LINE='colloquy se --port 1'; COMP_POINT=11; _colloquy; printf '%s\\n' "\${COMPREPLY[@]}"`
    expect(linesOf(folder, 'bash', '-c', script)).toEqual(['serve', 'sessions'])
  })
})

describe.skipIf(noTerminal !== null)('completion on a terminal', () => {
  const starts = {
    bash: { line: 'PS1="> " bash --norc --noprofile -i', load: 'source ./colloquy.script' },
    zsh: {
      line: 'zsh -f -i',
      load: "PS1='> '; autoload -Uz compinit; compinit -u -D; source ./colloquy.script",
    },
    fish: {
      line: 'fish --no-config -i',
      load: 'function fish_prompt; echo -n "> "; end; function fish_greeting; end; source ./colloquy.script',
    },
  } as const

  for (const shell of shells) {
    describe.skipIf(missing[shell] !== null)(`in ${shell}${whySkipped(shell)}`, () => {
      it('completes commands, flags, values and files with Tab', async () => {
        const folder = await folderFor(shell)
        const { line, load } = starts[shell]
        const terminal = await startTerminal(line, { cwd: folder, columns: 100 })
        await terminal.shows((screen) => screen.trim() !== '')
        await terminal.type(`${load}; clear; echo loaded`)
        await terminal.press('Enter')
        await terminal.shows(/^loaded\n> *$/)
        const completes = async (typed: string, becomes: string) => {
          await terminal.type(typed)
          await terminal.press('Tab')
          expect(await terminal.shows(`> ${becomes}`)).toContain(becomes)
        }
        await completes('colloquy serv', 'colloquy serve')
        await completes('--next-', 'colloquy serve --next-port')
        await completes('--log-level w', 'colloquy serve --next-port --log-level warn')
        await completes('--on-busy=q', 'colloquy serve --next-port --log-level warn --on-busy=queue')
        await completes('bo', 'colloquy serve --next-port --log-level warn --on-busy=queue bot.ts')
        await terminal.press('C-u')
        await completes('colloquy keys cr', 'colloquy keys create')
        await completes('web-shop --file dat', 'colloquy keys create web-shop --file data/')
        await completes('k', 'colloquy keys create web-shop --file data/keys.txt')
        await completes('--ro', 'colloquy keys create web-shop --file data/keys.txt --rotate')
      })
    })
  }
})

describe('colloquy completion', () => {
  it.each([[['completion', 'tcsh']], [['completion', '']]])('refuses %j', async (argv) => {
    const { exitCode, stdout, stderr } = await runMain(argv)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toBe(
      `There is no completion for ${JSON.stringify(argv[1])}, only for bash, zsh, fish. Example: colloquy completion bash\n`,
    )
  })

  it.skipIf(missing.zsh !== null)(
    'prints what zsh loads by its name as well, once it is asked for',
    async () => {
      const folder = await folderFor('zsh')
      execFileSync('cp', ['colloquy.script', '_colloquy'], { cwd: folder })
      const script = 'fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; print $_comps[colloquy]'
      expect(linesOf(folder, 'zsh', '-f', '-c', script)).toEqual(['_colloquy'])
    },
  )
})
