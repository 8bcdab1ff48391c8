export { Consumes, Events, InTx } from './consumer/decorators.js';
export { Consumer, type ConsumerOptions, type EventHandler, groupOf } from './consumer/consumer.js';
export { type DeadLetter, deadLetters, replayDeadLetters } from './consumer/dead-letters.js';
export { EventsStrategy } from './consumer/events-strategy.js';
export { type Attributes, fromRecord, readAttributes, toRecord, UnreadableEvent } from './envelope.js';
export { createInbox, InboxRow } from './inbox/inbox.entity.js';
export {
  type ConsumeOptions,
  type Consumption,
  deadLetterTopic,
  type EventLog,
  GroupActive,
  lagOf,
  type LogRecord,
  type Position,
  type StoredRecord,
} from './log/event-log.js';
export { KafkaLog, type KafkaOptions } from './log/kafka-log.js';
export { PostgresLog } from './log/postgres-log.js';
export { createOutbox, OutboxRow } from './outbox/outbox.entity.js';
export { backlog, replayOutbox } from './outbox/outbox.store.js';
export {
  EventTooLarge,
  type Cause,
  causeOfNow,
  type Happening,
  MAX_DATA,
  newEvent,
  type NewEvent,
  onPublished,
  outboxInsert,
  publish,
  publishMany,
  wakeRelay,
} from './outbox/publish.js';
export { Relay, type RelayOptions } from './outbox/relay.js';
export { type EventFlow, type EventsOptions, startEvents } from './start-events.js';
export { Bell, type Logger, Pace, pause } from './waiting.js';
