import { markdown } from './markdown.js'

const texts = {
  chat: `Runs one turn: the message is kept, and the chat interface answers it. Without a \`session_id\` a session is
created for it; the answer says which, also in the headers \`X-Session-Id\` and \`X-Turn-Id\`.

**JSON or a stream.** \`"stream": true\` or the header \`Accept: text/event-stream\` streams the events of the turn as they
happen; when both are there, the field decides. Without them the answer comes whole, as JSON, when the turn has ended. With
\`Accept: text/event-stream;final=brief\` the final event of the stream leaves out \`content\`, which repeats the texts before it.

**The turn is its own.** It goes on when its client leaves, and what it says is kept in the session: its events can be read
again, or on, at \`GET …/turns/{turn_id}/events\`, and it can be stopped at \`POST …/turns/{turn_id}/cancel\`. With
\`"on_disconnect": "cancel"\` it is cancelled when its last reader has gone and none has come back within 5 seconds (unless
configured); a client that waits for JSON counts as a reader.

**When the session is busy.** A session runs one turn at a time. \`on_busy\` says what happens to a message that comes
meanwhile: it is refused with \`turn_in_progress\`, which names the turn that runs (\`reject\`); it waits in line, and its
stream tells its place in \`turn.queued\` (\`queue\`; as many wait as the server allows, 10 unless configured, then it is
\`queue_full\`); or the turn that runs is cancelled with the reason \`superseded\`, and this one takes its place
(\`interrupt\`, however many wait). When as many turns run or wait as the server takes at all, \`queue\` and \`interrupt\` are
\`overloaded\`; cancelling a turn makes room.

**Trying again.** With the header \`Idempotency-Key\` a request can be sent again without asking twice: the same key, of
the same caller, stands for the same turn, whether it runs, has completed or has failed, also where the first request
created the session. It does so as long as the session of the turn lives, and for 24 hours at most, unless configured. The answer carries
\`Idempotency-Replayed: true\`, and may take the other form: JSON or a stream. With another body (compared as JSON,
without \`stream\`) it is \`idempotency_key_reused\`. A request that was refused before it had a turn leaves its key
free. One whose turn has failed, was cancelled or was interrupted gets the same end each time: for another attempt, send a new
key.

**How large.** A turn yields at most 1 MiB of text in UTF-8 and 20,000 events, unless configured; 262,144 UTF-16 code units (256 KiB)
of JSON text in one function or data event and 2,097,152 (2 MiB) in all of them; and 262,144 in the state that the chat interface
keeps of the session. With more it fails with \`output_too_large\`, and the state stays as it was. The final event is none of these: it holds
all the text and all the function calls once more.

**When it fails.** A fault that is found before the turn has started is a problem document, also where a stream was asked
for. After that a stream ends with \`turn.failed\`, \`turn.cancelled\` or \`turn.interrupted\`, and JSON is a problem document
with \`session_id\`, \`turn_id\` and the \`content\` so far. The user's message is kept in every case; of the answer, what
there was of it, as a \`partial\` message. An answer of no text at all is an answer.`,

  createSession: `Makes an empty session, to give it metadata or a life time of its own. For a chat there is no need to:
the first message makes one. The body may be left out.

A session ends \`ttl_seconds\` after its last turn ended, or after it was made when it has had none. One with a turn that
runs or waits never does.`,

  listSessions: `The caller's sessions, a page at a time; those that were active at the same moment, by their ids. The order
changes while the list is read: a session that becomes active between two pages may appear on neither.`,

  getSession: `Reading a session does not make it live longer; only a turn does. A session that is unknown, has expired, was
deleted or is somebody else's is \`session_not_found\`: these are never told apart.`,

  updateSession: `What is left out stays as it is. \`metadata\` is merged key by key, and null removes a key; afterwards there
may be at most 16 pairs. A new \`ttl_seconds\` counts from the last activity.`,

  deleteSession: `Its messages, turns and events go with it. A turn that runs or waits is cancelled first, with the
reason \`session_deleted\`. Deleting it again is \`session_not_found\`.`,

  listMessages: `The user's and the assistant's messages, a page at a time; the oldest first unless \`order=desc\`. A message of
a turn that is running is not there yet; the user's message is.`,

  listTurns: `The turns of a session, of whatever status, a page at a time; the oldest first unless \`order=desc\`.`,

  getTurn: `The turn as it is now, for those who would rather ask again and again than keep a stream open. While it runs,
\`content\` and \`functions_called\` are what there is so far. A session that does not exist for the caller is
\`session_not_found\`, a turn that it does not have \`turn_not_found\`.`,

  turnEvents: `The events as a stream: those that there are, then those that come, until the turn's end. They can be read during
the turn and after it, by any number of readers, as long as the session exists.

**Reading on.** \`Last-Event-ID: n\`, or \`?after=n\`, begins after event \`n\`; the header counts where both are there. When the
turn has ended and nothing comes after \`n\`, the answer is 204 with nothing, which tells an EventSource to stop. A number beyond
the turn's events, or what is no number, is \`invalid_cursor\`.

**Briefly.** With \`Accept: text/event-stream;final=brief\` the final event leaves out \`content\`, which repeats the texts before
it: for readers from the first event on.

**Slow readers.** A reader that takes nothing for 30 seconds (a setting) is dropped: its connection breaks off. It can come back
with the number of the last event that it has seen.`,

  cancelTurn: `Tells the turn to stop, whether it waits in line, has not said anything yet, or is in the middle of its answer.
The answer is the turn at that moment; its end follows as \`turn.cancelled\`, with the reason and the text so far, which is kept
in the session as a \`partial\` message. Asking again while it stops changes nothing and is answered in the same way; a turn that
has already ended is \`turn_not_cancellable\`. The body may be left out.

The cancellation is not kept until the chat interface has stopped, or was given up after 5 seconds: when the server is
killed meanwhile, the turn ends as \`turn.interrupted\`, with the reason \`restart\`, although this was answered with 202.`,

  health: `Asks the store and the chat interface, and tells how each is doing. When one of them is unhealthy the status is 503,
with the same body. What they said counts for a second, so probes can't overload them; one that does not answer in time is
unhealthy.`,

  live: `Answers as long as the process does, whatever the store and the chat interface are doing: for a liveness probe.`,

  ready: `503 before the start is done, and from the moment that a shutdown begins: for a readiness probe, so that nothing
new is sent here.`,

  status: `For people and dashboards. Numbers to be watched over time are at \`/metrics\`.`,

  metrics: `Counters, gauges and histograms in Prometheus' text format, version 0.0.4: requests by route, turns, their time to
the first event, streams, sessions, the store's latency, the event loop's lag. No label holds an id or a text of a client.`,

  openapi: `The API as an OpenAPI 3.1 document. The longest message is that of this server; where a description says that
something can be configured, it tells what holds unless it is.`,

  docs: `Reads this document and sends requests. The page comes from this server alone, and works without a network.`,

  redoc: `Reads this document. The page comes from this server alone, and works without a network.`,
}

/** What there is to know of each route besides its summary, in Markdown: its rules, and what it does not do. */
export const routeDescriptions = Object.fromEntries(
  Object.entries(texts).map(([name, text]) => [name, markdown(text)]),
) as Readonly<typeof texts>
