/** What the help of every command says of its exit codes. */
export const exitCodes = 'Exit codes: 0 done, 1 failed, 2 called or configured wrongly'

/** What the help of the commands says that talk to a server. */
export const serverExitCodes = `${exitCodes}, 3 not found, 4 not authenticated, 5 no server answers, 130 stopped by Ctrl-C`
