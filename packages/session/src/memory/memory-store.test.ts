import { describe, it } from 'vitest'
import { testSessionStore } from '../testing/index.js'
import { createMemoryStore } from './index.js'

testSessionStore({ describe, it }, 'memory', () => createMemoryStore())
