/** What the templates in TypeScript have in common. Node runs it as it is; the compiler only checks the types. */
export const typescriptParts = {
  scripts: {
    start: 'colloquy serve ./bot.ts',
    dev: 'colloquy serve ./bot.ts --watch',
    test: 'node --test',
    types: 'tsc',
  },
  devDependencies: ['@types/node', 'typescript'],
  config: `{
  "compilerOptions": {
    "target": "es2023",
    "lib": ["esnext"],
    "module": "nodenext",
    "types": ["node"],
    "strict": true,
    "skipLibCheck": true,
    "noEmit": true,
    "allowImportingTsExtensions": true,
    "erasableSyntaxOnly": true,
    "verbatimModuleSyntax": true
  },
  "include": ["*.ts"]
}
`,
} as const
