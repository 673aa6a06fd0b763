import { markdown } from '../markdown.js'

/** What a document says before its first route, in Markdown. */
export const introduction =
  markdown(`A chat server: sessions, messages, turns and their events. Something answers messages (the chat
interface); this API gives it sessions, streams and errors that clients can rely on.

| word | means |
| --- | --- |
| session | one conversation: its messages in order, its metadata, its life time |
| message | one finished utterance in a session, of the user or the assistant; it never changes |
| turn | one user message and the attempt to answer it; queued, running, then completed, failed, cancelled or interrupted |
| event | one numbered fact about a turn, in order: what a stream carries |
| chat interface | whatever answers: a function, a model, a program, an agent |
| function | a tool that the chat interface can call while it answers |

## Requests

A body is JSON in UTF-8 with \`Content-Type: application/json\`. Unknown fields in it, and unknown query parameters of a list,
are refused, so that a typing error is never silently ignored; so is a parameter that is given twice. Lengths
count Unicode code points. The ids and cursors of examples are nobody's: put real ones in their place. \`HEAD\` works wherever
\`GET\` does; \`OPTIONS\` answers 204 with \`Allow\`.

Send each message with an \`Idempotency-Key\` of its own, and it can be sent again after a broken connection: the model is
asked once.

\`Accept\` matters for a chat: \`text/event-stream\` streams its answer. Everything else has one form.

## Answers

Ids are opaque. Times are RFC 3339 in UTC with milliseconds; durations are in the unit that the field's name ends in. Every
answer carries the id of its request in \`X-Request-Id\`, and, unless it is a stream or the request was no whole HTTP,
says in \`Server-Timing\` and \`X-Response-Time\` how long it took. The headers \`X-Content-Type-Options: nosniff\` and \`X-Frame-Options: DENY\` keep browsers
from taking it for something else, and a stream has \`X-Accel-Buffering: no\`, so that no proxy holds it back. New fields may
be added at any time: be ready for some that you do not know.

## Streams that break

A turn does not depend on the connection that began it. When a stream breaks off before its final event, read on at
\`GET …/turns/{turn_id}/events\` with \`Last-Event-ID\`: nothing that was seen is missing or comes twice, also when the server
was started again meanwhile. The session and the turn are in \`X-Session-Id\` and \`X-Turn-Id\`.

## Errors

An error is a problem document (RFC 9457, \`application/problem+json\`) with a \`code\` for programs and a \`detail\` for people.
Faults are looked for in this order: route (404), host name (403), method (405), caller (401, 403), content type (415), size (413),
JSON and headers (400), fields (422), session or turn (404), state (409, 503). \`validation_failed\` names every fault of the request at once,
up to a hundred. A problem of the server's own says nothing of its cause; the line in the log with the same request id does.

Two problems stand at no operation below, because no request for one gets them: a path that there is not is answered with
404 \`not_found\`, and a method that a path does not take with 405 \`method_not_allowed\`, whose header \`Allow\` names those that it
does.

Retry what has a \`Retry-After\`, after that many seconds. A failure of 5xx that names a \`turn_id\` is that of a turn, and its
\`Idempotency-Key\` stands for it: another attempt wants a new one.

## Who may ask

A server without keys listens to its own machine only, and answers only to the host names that are its own: others are
\`forbidden\`, and so is what a web page of another origin would change, unless the server's settings allow that origin. A
server with keys wants \`Authorization: Bearer <key>\` on everything but its health and,
unless it is set otherwise, this documentation. What a key made does not exist for another key.`)
