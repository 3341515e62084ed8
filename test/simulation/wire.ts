// How each kind of request is written over HTTP.
import { type Method } from '../support/api.js';
import {
  type Asked,
  type CaptureAsked,
  type CloseAsked,
  type Identified,
  LEDGER,
  type RequestKind,
  type ReverseAsked,
  type TransferAsked,
  type UnfreezeAsked,
  type VoidAsked,
} from './requests.js';
import { without } from './without.js';

export interface HttpRequest {
  readonly method: Method;
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const LEDGER_PATH = `/v1/ledgers/${LEDGER}`;
const BATCH_PATH = `${LEDGER_PATH}/transfers/batch`;
const accountPath = (address: string) => `${LEDGER_PATH}/accounts/${address}`;

function lifeRequest(verb: string, { address, reason }: UnfreezeAsked | CloseAsked): HttpRequest {
  return { method: 'POST', path: `${accountPath(address)}/${verb}`, body: { reason } };
}

const ON_THE_WIRE: { readonly [K in RequestKind]: (asked: Asked<K>) => HttpRequest } = {
  'open-ledger': ({ assets, rules }) => ({
    method: 'POST',
    path: '/v1/ledgers',
    body: { id: LEDGER, name: LEDGER, assets, rules },
  }),
  'open-account': (asked) => ({
    method: 'POST',
    path: `${LEDGER_PATH}/accounts`,
    body: without(asked, 'kind'),
  }),
  'change-account': (asked) => ({
    method: 'PATCH',
    path: accountPath(asked.address),
    body: without(asked, 'kind', 'address', 'version'),
    ...(asked.version !== undefined && { headers: { 'If-Match': `"${asked.version}"` } }),
  }),
  'freeze-account': ({ address, freeze, reason }) => ({
    method: 'POST',
    path: `${accountPath(address)}/freeze`,
    body: { freeze, reason },
  }),
  'unfreeze-account': (asked) => lifeRequest('unfreeze', asked),
  'close-account': (asked) => lifeRequest('close', asked),
  'read-account': ({ address }) => ({
    method: 'GET',
    path: accountPath(address),
    headers: { 'Daybook-Consistency': 'strong' },
  }),
  'post-transfer': (asked) => {
    const body = transferBody(asked);
    return identified(asked, `${LEDGER_PATH}/transfers${asked.dryRun ? '?dryRun=true' : ''}`, body);
  },
  'post-batch': (asked) =>
    identified(asked, BATCH_PATH, { atomic: true, transfers: asked.transfers.map(itemBody) }),
  'post-each': ({ transfers }) => ({
    method: 'POST',
    path: BATCH_PATH,
    body: { atomic: false, transfers: transfers.map(itemBody) },
  }),
  'exchange-money': (asked) =>
    identified(asked, `${LEDGER_PATH}/exchanges`, without(asked, 'kind', 'id', 'idAsKey')),
  'capture-transfer': (asked) => actRequest('capture', asked),
  'void-transfer': (asked) => actRequest('void', asked),
  'reverse-transfer': (asked) => actRequest('reverse', asked),
  'close-period': ({ through, reason }) => ({
    method: 'POST',
    path: `${LEDGER_PATH}/periods/close`,
    body: { through, reason },
  }),
  'reopen-period': ({ closedThrough, reason }) => ({
    method: 'POST',
    path: `${LEDGER_PATH}/periods/reopen`,
    body: { closedThrough, reason },
  }),
};

function transferBody(asked: TransferAsked): object {
  const [only, second] = asked.legs;
  const details = without(asked, 'kind', 'id', 'idAsKey', 'legs', 'dryRun');
  return { ...details, ...(second === undefined ? only : { legs: asked.legs }) };
}

function itemBody(asked: TransferAsked): object {
  return { id: asked.id, ...transferBody(asked) };
}

function actRequest(verb: string, asked: CaptureAsked | VoidAsked | ReverseAsked): HttpRequest {
  const path = `${LEDGER_PATH}/transfers/${asked.transfer}/${verb}`;
  return identified(asked, path, without(asked, 'kind', 'id', 'idAsKey', 'transfer'));
}

function identified({ id, idAsKey }: Identified, path: string, body: object): HttpRequest {
  return idAsKey
    ? { method: 'POST', path, body, headers: { 'Idempotency-Key': id } }
    : { method: 'POST', path, body: { id, ...body } };
}

export function onTheWire<K extends RequestKind>(asked: Asked<K>): HttpRequest {
  const write: (asked: Asked<K>) => HttpRequest = ON_THE_WIRE[asked.kind];
  return write(asked);
}
