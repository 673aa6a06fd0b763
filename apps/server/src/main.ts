// The deployable server: `colloquy serve`, with the arguments of this program behind it.
import { main } from 'colloquy'

process.exitCode = await main({ argv: ['serve', ...process.argv.slice(2)], process })
