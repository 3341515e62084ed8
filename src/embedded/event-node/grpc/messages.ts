// Methods whose messages are those of the generated code, where speed does not matter.
import { oneRequest, unary, type Handler, type IncomingCall } from './handler.js';

interface Message {
  serializeBinary(): Uint8Array;
}

/** A class of generated messages. */
interface MessageType<Request> {
  deserializeBinary(bytes: Uint8Array): Request;
}

/** Answers one message with one. */
export function messageUnary<Request>(
  type: MessageType<Request>,
  work: (request: Request, call: IncomingCall) => Message | Promise<Message>,
): Handler {
  return unary(
    (bytes) => type.deserializeBinary(bytes),
    async (request, call) => bytesOf(await work(request, call)),
  );
}

/** Answers one message with the few that `work` finds. */
export function messageList<Request>(
  type: MessageType<Request>,
  work: (request: Request) => Message[],
): Handler {
  const decode = (bytes: Buffer) => type.deserializeBinary(bytes);
  return {
    isLong: false,
    open: (call) =>
      oneRequest(decode, (request) => {
        for (const message of work(request)) call.send(bytesOf(message));
        call.end();
      }),
  };
}

const bytesOf = (message: Message) => Buffer.from(message.serializeBinary());
