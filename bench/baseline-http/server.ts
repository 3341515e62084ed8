// The HTTP side that the baselines have in common: Fastify, schemas both ways, bearer tokens.
import { randomUUID } from 'node:crypto';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { bearerCheck } from './bearer.js';
import { isAmount } from './decide.js';
import {
  accountAnswer,
  accountParams,
  batchAnswer,
  batchBody,
  ledgerParams,
  outcomesAnswer,
  transferAnswer,
  transferBody,
} from './schemas.js';
import { type Outcome, type TransferRequest, type TransferService } from './transfer.js';

const BODY_BYTES_MAX = 2 * 1024 * 1024;
const MESSAGES = {
  INVALID_AMOUNT: [400, 'The amount is not a decimal above zero.'],
  UNAUTHENTICATED: [401, 'A valid bearer token is required.'],
  ACCOUNT_NOT_FOUND: [404, 'There is no such account.'],
  TRANSFER_ID_REUSED: [409, 'Another transfer has this id.'],
  UNKNOWN_ACCOUNT: [422, 'An account does not exist.'],
  SAME_ACCOUNT: [422, 'A transfer is between two accounts.'],
  CURRENCY_MISMATCH: [422, 'An account has another currency.'],
  INSUFFICIENT_FUNDS: [422, 'An account would fall below what its overdraft limit allows.'],
} as const;
type Code = keyof typeof MESSAGES;

interface Batch {
  readonly atomic: boolean;
  readonly id?: string;
  readonly transfers: readonly TransferRequest[];
}

interface OfLedger {
  Params: { ledger: string };
}

/** Not listening yet. */
export function createServer(service: TransferService, secret: string): FastifyInstance {
  const server = fastify({ bodyLimit: BODY_BYTES_MAX, genReqId: () => randomUUID() });
  const mayPost = bearerCheck(secret);
  server.addHook<OfLedger>('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (mayPost(request.headers.authorization, request.params.ledger)) return;
    await failed(reply, 'UNAUTHENTICATED');
  });
  addTransfers(server, service);
  addBatches(server, service);
  server.get<{ Params: { ledger: string; address: string } }>(
    '/v1/ledgers/:ledger/accounts/:address',
    { schema: { params: accountParams, response: { 200: accountAnswer } } },
    async ({ params, id }, reply) => {
      const account = await service.account(params.ledger, params.address);
      return account ? { data: account, meta: metaOf(id) } : failed(reply, 'ACCOUNT_NOT_FOUND');
    },
  );
  return server;
}

function addTransfers(server: FastifyInstance, service: TransferService): void {
  const schema = { params: ledgerParams, body: transferBody, response: { 201: transferAnswer } };
  server.post<OfLedger & { Body: TransferRequest }>(
    '/v1/ledgers/:ledger/transfers',
    { schema },
    async ({ params, body, id }, reply) => {
      if (!isAmount(body.amount)) return failed(reply, 'INVALID_AMOUNT');
      const outcome = await service.post(params.ledger, body);
      if (outcome.kind !== 'posted') return failed(reply, codeOf(outcome));
      if (outcome.replayed) reply.header('idempotency-replayed', 'true');
      reply.status(201);
      return { data: outcome.transfer, meta: metaOf(id, outcome.transfer.revision) };
    },
  );
}

function addBatches(server: FastifyInstance, service: TransferService): void {
  const response = { 200: outcomesAnswer, 201: batchAnswer };
  server.post<OfLedger & { Body: Batch }>(
    '/v1/ledgers/:ledger/transfers/batch',
    { schema: { params: ledgerParams, body: batchBody, response } },
    async ({ params, body, id }, reply) => {
      if (!body.transfers.every(({ amount }) => isAmount(amount))) {
        return failed(reply, 'INVALID_AMOUNT');
      }
      const outcomes = await service.postBatch(params.ledger, body.transfers, body.atomic);
      if (!body.atomic) return { data: outcomes.map(outcomeAnswer), meta: metaOf(id) };
      const refused = outcomes.find(({ kind }) => kind !== 'posted');
      if (refused) return failed(reply, codeOf(refused));
      const transfers = outcomes.flatMap((each) => ('transfer' in each ? [each.transfer] : []));
      const { recordedAt, revision } = transfers.at(-1) ?? {};
      reply.status(201);
      return { data: { id: body.id, transfers, recordedAt, revision }, meta: metaOf(id, revision) };
    },
  );
}

function outcomeAnswer(outcome: Outcome) {
  if (outcome.kind === 'posted') {
    return { status: 201, replayed: outcome.replayed, transfer: outcome.transfer };
  }
  const code = codeOf(outcome);
  const [status, message] = MESSAGES[code];
  return { status, replayed: false, error: { code, message } };
}

function codeOf(outcome: Outcome): Code {
  if (outcome.kind === 'refused') return outcome.code;
  return 'TRANSFER_ID_REUSED';
}

function metaOf(requestId: string, revision?: number) {
  const timestamp = new Date().toISOString();
  return { requestId, timestamp, ...(revision !== undefined && { revision }) };
}

function failed(reply: FastifyReply, code: Code): FastifyReply {
  const [status, message] = MESSAGES[code];
  return reply.status(status).send({ error: { code, message } });
}
