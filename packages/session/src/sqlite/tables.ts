import { EventTable } from './event-table.js'
import { ExportQueries } from './export-queries.js'
import { KeyTable } from './key-table.js'
import { LiveTurnTable } from './live-turn-table.js'
import { MessageTable } from './message-table.js'
import { RemovedSessionTable } from './removed-session-table.js'
import { SessionTable } from './session-table.js'
import type { SqliteDatabase } from './sqlite-database.js'
import { StateTable } from './state-table.js'
import { TurnTable } from './turn-table.js'

/** All tables of a store, with their prepared statements. */
export class Tables {
  readonly sessions: SessionTable
  readonly states: StateTable
  readonly turns: TurnTable
  readonly live: LiveTurnTable
  readonly messages: MessageTable
  readonly events: EventTable
  readonly keys: KeyTable
  readonly removed: RemovedSessionTable
  readonly exports: ExportQueries

  constructor(database: SqliteDatabase) {
    this.sessions = new SessionTable(database)
    this.states = new StateTable(database)
    this.turns = new TurnTable(database)
    this.live = new LiveTurnTable(database)
    this.messages = new MessageTable(database)
    this.events = new EventTable(database)
    this.keys = new KeyTable(database)
    this.removed = new RemovedSessionTable(database)
    this.exports = new ExportQueries(database)
  }
}
