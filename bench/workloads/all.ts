import type { Workload } from '../bench.ts'
import { coldStart } from './cold-start.ts'
import { collection } from './collection.ts'
import { idleReaders } from './idle-readers.ts'
import { jsonTurn } from './json-turn.ts'
import { longSession } from './long-session.ts'
import { overload } from './overload.ts'
import { resume } from './resume.ts'
import { sessionCreate } from './session-create.ts'
import { sessionMemory } from './session-memory.ts'
import { sqlite } from './sqlite.ts'
import { pacedStream, stream } from './stream.ts'

/** Every workload, in the order in which they run. */
export const workloads: readonly Workload[] = [
  jsonTurn,
  stream,
  pacedStream,
  sessionCreate,
  sessionMemory,
  longSession,
  collection,
  coldStart,
  sqlite,
  resume,
  idleReaders,
  overload,
]
