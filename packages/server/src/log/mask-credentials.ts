/** What stands in the place of a credential. */
export const masked = '***'

/** What a credential is called: `apiKey`, `x-api-key`, `accessToken`, `client_secret`, `Set-Cookie`. */
const credentialName =
  /authorization|cookie|passw|passphrase|pwd|secret|apikey|accesskey|privatekey|credential|token|signature|auth$|^key$/

/** Whether something of this name is a credential, however the name is written. */
export function isCredentialName(name: string): boolean {
  return credentialName.test(name.toLowerCase().replaceAll(/[^a-z\d]/g, ''))
}

/** How a name may end that a credential has: `OPENAI_API_KEY`, `dbPassword`. What stands before it does not matter. */
const names =
  '(?:api|access|private|secret)[-_ ]?key|password|passphrase|passwd|pwd|secret|token|credentials?'

/** A value: to its closing quote, or to the end of its line where that is cut off; in JSON in JSON, too. */
const values = [
  '\\\\"(?:[^"\\\\\\n]|\\\\[^"])*(?:\\\\")?',
  '"(?:[^"\\\\\\n]|\\\\.)*"?',
  "'(?:[^'\\\\\\n]|\\\\.)*'?",
  '[^\\s,;&"\'})\\]]+',
].join('|')

/** What credentials look like in a text, and what is left of them. All patterns take time in proportion to the text. */
const patterns: readonly (readonly [RegExp, string])[] = [
  // a private key as PEM (RFC 7468)
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g, masked],
  // user information in an address, to the last @: https://user:password@host
  [/([a-z][a-z\d+.-]{0,30}:\/\/)[^\s/?#"'`<>]{1,1000}@/gi, `$1${masked}@`],
  // headers, to the end of their line or of their string
  [/(authorization|cookie)(["']?\s*[:=]\s*["']?)[^\n\r"'}\]]+/gi, `$1$2${masked}`],
  // schemes of HTTP authentication (RFC 9110, section 11)
  [/\b(Bearer)\s+(?!auth|cred|token\b|realm|scheme)[\w.~+/=-]{6,}/gi, `$1 ${masked}`],
  [/\b(Basic)\s+(?=[a-z\d+/]*[A-Z\d+/=])[A-Za-z\d+/]{6,}={0,2}/g, `$1 ${masked}`],
  // parameters of an address
  [
    /([?&;][\w.-]{0,40}(?:key|token|secret|password|passwd|pwd|signature|sig|auth|credential)=)[^\s&#"'<>]+/gi,
    `$1${masked}`,
  ],
  // name: value, name=value, "name":"value"
  [new RegExp(`(${names})(\\\\?["']?\\s*[:=]\\s*)(?:${values})`, 'gi'), `$1$2${masked}`],
  // JSON Web Tokens (RFC 7519)
  [/(?<![\w-])eyJ[\w-]{6,4000}\.[\w-]{6,}(?:\.[\w-]*)?/g, masked],
  // keys that say by their first letters whose they are
  [
    /\b(?:sk|pk|rk|clq|gsk|hf|r8|xai|pplx|nvapi|gh[opsur]|github_pat|glpat|npm|xox[a-z]|whsec)[-_][\w-]{8,}/g,
    masked,
  ],
  [/\b(?:AKIA|ASIA)[A-Z\d]{12,}|\bAIza[\w-]{20,}/g, masked],
]

/** Takes out of a text what looks like a credential. What does not look like one can't be told from other words. */
export function maskCredentials(text: string): string {
  let result = text
  for (const [pattern, replacement] of patterns) result = result.replace(pattern, replacement)
  return result
}
