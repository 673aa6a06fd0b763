/** What the help of every command says of its exit codes. */
export const exitCodes = 'Exit codes: 0 done, 1 failed, 2 called or configured wrongly'
