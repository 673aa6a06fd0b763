import { platform } from 'node:os'

/** How a command line is run, as its author would type it: by the system's shell. */
export function inShell(line: string): { readonly command: string; readonly args: readonly string[] } {
  return platform() === 'win32'
    ? { command: 'cmd.exe', args: ['/d', '/s', '/c', line] }
    : { command: '/bin/sh', args: ['-c', line] }
}
