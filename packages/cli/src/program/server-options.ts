import type { Command } from 'commander'

/** Gives a command the flags that say which server is asked, and for how long. */
export function addServerOptions(command: Command): Command {
  return command
    .option('--url <url>', 'where the server is (default: http://localhost:8000; COLLOQUY_URL)')
    .option('--timeout <seconds>', 'how long an answer may take (default: 30)')
}

/** What the help says of the key. */
export const keyHelp = 'The variable COLLOQUY_API_KEY holds the key to send, if the server wants one.'
