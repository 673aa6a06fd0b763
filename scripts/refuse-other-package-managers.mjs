// Runs before an install, on whatever Node the machine has (so: plain, old syntax). Only pnpm understands
// "workspace:" and "catalog:"; npm and yarn would fail later with a message that explains nothing.
const agent = process.env.npm_config_user_agent || ''
if (!agent.startsWith('pnpm/')) {
  console.error(
    '\nThis workspace is installed with pnpm. Run this instead (it needs nothing but npm):\n\n' +
      '    npx -y pnpm@12.21.0 install\n',
  )
  process.exit(1)
}
