import type { EventDefinition } from './event.js';
import { EVENTS } from './events.js';
import { type JsonSchema, jsonSchemaOf } from './json-schema.js';

/** The JSON Schema of an event's data; it stands alone. */
export function eventSchemaOf({ type, summary, data }: EventDefinition): JsonSchema {
  const { $schema, ...schema } = jsonSchemaOf(data, 'output');
  return { $schema, $id: `urn:comanda:event:${type}`, title: type, description: summary, ...schema };
}

/** The AsyncAPI 3 document of all topics: a channel for each service, a message for each event. */
export function asyncApi(): object {
  const topics = Map.groupBy(EVENTS, ({ topic }) => topic);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Comanda events',
      version: '1',
      license: { name: 'Apache-2.0' },
      description:
        'CloudEvents 1.0 in Kafka’s binary mode: attributes in headers `ce_…`, JSON in the value, key = `ce_subject`. Events of one key keep their order. Delivery is at least once: drop an `ce_id` you have seen. Topics are kept from the start.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries([...topics].map(([topic, events]) => [topic, channelOf(topic, events)])),
    operations: Object.fromEntries(
      [...topics].map(([topic, events]) => [`read_${topic.replaceAll('.', '_')}`, operationOf(topic, events)]),
    ),
    components: {
      messages: Object.fromEntries(EVENTS.map((event) => [event.type, messageOf(event)])),
      messageTraits: { CloudEvent: { headers: HEADERS } },
    },
  };
}

const channelOf = (topic: string, events: readonly EventDefinition[]): object => ({
  address: topic,
  description: `What ${events[0]?.service} publishes. 12 partitions; dead letters of consumers are in ${topic}.dlq.`,
  messages: Object.fromEntries(events.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }])),
  bindings: { kafka: { topic, partitions: 12, bindingVersion: '0.5.0' } },
});

const operationOf = (topic: string, events: readonly EventDefinition[]): object => ({
  action: 'receive',
  channel: { $ref: `#/channels/${topic}` },
  messages: events.map(({ type }) => ({ $ref: `#/channels/${topic}/messages/${type}` })),
});

function messageOf(event: EventDefinition): object {
  const { $schema: _, $id: __, ...payload } = eventSchemaOf(event);
  return {
    name: event.type,
    title: event.type,
    summary: event.summary,
    contentType: 'application/json',
    traits: [{ $ref: '#/components/messageTraits/CloudEvent' }],
    payload: relinkLocally(payload, `#/components/messages/${event.type}/payload`),
    examples: [{ name: 'example', payload: event.example }],
    bindings: {
      kafka: {
        key: { type: 'string', format: 'uuid', description: `The event’s ${event.subject}.` },
        bindingVersion: '0.5.0',
      },
    },
  };
}

/** References count from the document's root, not from the schema that they stand in. */
function relinkLocally(part: unknown, base: string): unknown {
  if (Array.isArray(part)) return part.map((each) => relinkLocally(each, base));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? value.replace(/^#/, base) : relinkLocally(value, base),
    ]),
  );
}

const text = (description: string): JsonSchema => ({ type: 'string', description });

const HEADERS = {
  type: 'object',
  required: [
    'ce_specversion',
    'ce_id',
    'ce_type',
    'ce_source',
    'ce_subject',
    'ce_time',
    'ce_recordedat',
    'ce_organizationid',
    'ce_aggregateversion',
  ],
  properties: {
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: { type: 'string', format: 'uuid', description: 'Unique: drop a second one.' },
    ce_type: text('Such as `comanda.order.placed.v1`.'),
    ce_source: text('`/comanda/<service>`'),
    ce_subject: text('The aggregate’s id: the key.'),
    ce_time: { type: 'string', format: 'date-time', description: 'When it happened.' },
    ce_recordedat: { type: 'string', format: 'date-time', description: 'When the service stored it.' },
    ce_organizationid: { type: 'string', format: 'uuid' },
    ce_aggregateversion: {
      type: 'string',
      pattern: '^[0-9]+$',
      description: 'Grows by one with each event of a subject.',
    },
    ce_traceparent: text('W3C trace context of the request that caused it.'),
  },
};
