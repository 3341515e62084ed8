import { decodeBatchAppendMessage } from './append-request.js';
import { bytesField } from './protobuf.js';

it('of a message full of events that lack everything only the first is kept', () => {
  const empty = bytesField(3);
  const message = Buffer.concat(Array.from({ length: 1000 }, () => empty));
  expect(decodeBatchAppendMessage(message).proposed).toHaveLength(1);
});
