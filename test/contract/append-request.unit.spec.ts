// What is written by hand, read by the generated classes of the official client.
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { appendRequest } from '../../src/event-store/eventstoredb-append-request.js';
import { NO_STREAM, type NewEvent } from '../../src/event-store/event-store.js';

const target = { correlationId: 'c0ffee00-0000-4000-8000-000000000001', stream: 'ledger-café' };
const event: NewEvent = {
  id: 'c0ffee00-0000-4000-8000-000000000002',
  type: 'Tested',
  data: { text: 'naïve €'.repeat(100) },
  metadata: { schemaVersion: 1 },
};

function read(expectedRevision: number, events: readonly NewEvent[]) {
  const request = appendRequest({ ...target, expectedRevision, events });
  return streams.BatchAppendReq.deserializeBinary(request);
}

describe('the message of an append', () => {
  it('names the append, the stream and the events as they are', () => {
    const request = read(NO_STREAM, [event, { ...event, data: {} }]);
    expect(request.getCorrelationId()?.getString()).toBe(target.correlationId);
    const stream = request.getOptions()?.getStreamIdentifier()?.getStreamName_asU8() ?? [];
    expect(Buffer.from(stream).toString()).toBe(target.stream);
    expect(request.getIsFinal()).toBe(true);
    const [first, second] = request.getProposedMessagesList();
    expect(first?.getId()?.getString()).toBe(event.id);
    expect(first?.getMetadataMap().get('type')).toBe('Tested');
    expect(first?.getMetadataMap().get('content-type')).toBe('application/json');
    const textOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();
    expect(textOf(first?.getData_asU8())).toBe(JSON.stringify(event.data));
    expect(textOf(first?.getCustomMetadata_asU8())).toBe(JSON.stringify(event.metadata));
    expect(textOf(second?.getData_asU8())).toBe('{}');
  });

  it.each([0, 1, 127, 128, 300_000, Number.MAX_SAFE_INTEGER])('expects revision %d', (revision) => {
    const options = read(revision, [event]).getOptions();
    expect(options?.getStreamPosition()).toBe(String(revision));
    expect(options?.hasNoStream()).toBe(false);
  });

  it('expects that there is no stream yet', () => {
    const options = read(NO_STREAM, [event]).getOptions();
    expect([options?.hasNoStream(), options?.hasStreamPosition()]).toEqual([true, false]);
  });

  it('stores JSON that is at hand as it is', () => {
    const json = { data: '{"a": 1}', metadata: '{"b": 2}' };
    const [message] = read(0, [{ ...event, json }]).getProposedMessagesList();
    expect(Buffer.from(message?.getData_asU8() ?? []).toString()).toBe(json.data);
    expect(Buffer.from(message?.getCustomMetadata_asU8() ?? []).toString()).toBe(json.metadata);
  });
});
