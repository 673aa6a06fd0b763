#!/usr/bin/env node
import { tooOldNode } from './too-old-node.js'

// Nothing else is imported before this, and what is imported here is understood by every Node that knows modules: an
// older one than it takes would stop at the first thing that it does not know, and say nothing that helps.
const fault = tooOldNode(process.versions.node)
if (fault === null) {
  void import('./main.js').then(async ({ main }) => {
    process.exitCode = await main({ argv: process.argv.slice(2), process })
  })
} else {
  process.stderr.write(`${fault}\n`)
  process.exitCode = 1
}
