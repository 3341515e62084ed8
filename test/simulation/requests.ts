// What clients of the bank ask for, as data: the workload proposes it, a client sends it, the journal
// keeps it, and the auditor holds answers and events against it. A new kind of request is one more member
// of this union, one entry of `ON_THE_WIRE`, of the mix in workload.ts and of the tables in audit/.
import { type Method } from '../support/api.js';
import { without } from './without.js';

export const LEDGER = 'bank';

export interface LegAsked {
  readonly debit: string;
  readonly credit: string;
  readonly amount: string;
  readonly currency: string;
}

export interface TransferAsked {
  readonly kind: 'post-transfer';
  /** In the body, or as `Idempotency-Key`: with the same one, it is the same transfer. */
  readonly id: string;
  readonly idAsKey: boolean;
  readonly legs: readonly LegAsked[];
  readonly effectiveAt?: string;
  readonly reference?: string;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface LedgerAsked {
  readonly kind: 'open-ledger';
  readonly assets: readonly { readonly code: string; readonly scale: number }[];
}

export interface AccountAsked {
  readonly kind: 'open-account';
  readonly address: string;
  readonly type: string;
  readonly currency: string;
  readonly overdraftLimit: string | null;
  readonly balanceLimit: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ChangeAsked {
  readonly kind: 'change-account';
  readonly address: string;
  /** `If-Match`; none when absent. */
  readonly version?: number;
  readonly overdraftLimit?: string | null;
  readonly balanceLimit?: string | null;
  readonly metadata?: Readonly<Record<string, string>>;
}

interface LifeAsked {
  readonly address: string;
  readonly reason: string;
}

export interface FreezeAsked extends LifeAsked {
  readonly kind: 'freeze-account';
  readonly freeze: 'debits' | 'all';
}

export interface UnfreezeAsked extends LifeAsked {
  readonly kind: 'unfreeze-account';
}

export interface CloseAsked extends LifeAsked {
  readonly kind: 'close-account';
}

export interface ReadAsked {
  readonly kind: 'read-account';
  readonly address: string;
}

export type BankRequest =
  | LedgerAsked
  | AccountAsked
  | ChangeAsked
  | FreezeAsked
  | UnfreezeAsked
  | CloseAsked
  | ReadAsked
  | TransferAsked;
export type RequestKind = BankRequest['kind'];
/** A request of one kind. */
export type Asked<K extends RequestKind> = Extract<BankRequest, { readonly kind: K }>;

export interface HttpRequest {
  readonly method: Method;
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const LEDGER_PATH = `/v1/ledgers/${LEDGER}`;
const accountPath = (address: string) => `${LEDGER_PATH}/accounts/${address}`;

function lifeRequest(verb: string, { address, reason }: LifeAsked): HttpRequest {
  return { method: 'POST', path: `${accountPath(address)}/${verb}`, body: { reason } };
}

const ON_THE_WIRE: { readonly [K in RequestKind]: (asked: Asked<K>) => HttpRequest } = {
  'open-ledger': ({ assets }) => ({
    method: 'POST',
    path: '/v1/ledgers',
    body: { id: LEDGER, name: LEDGER, assets },
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
    const { id, idAsKey, legs } = asked;
    const [only, second] = legs;
    const details = without(asked, 'kind', 'id', 'idAsKey', 'legs');
    const body = { ...details, ...(second === undefined ? only : { legs }) };
    const path = `${LEDGER_PATH}/transfers`;
    return idAsKey
      ? { method: 'POST', path, body, headers: { 'Idempotency-Key': id } }
      : { method: 'POST', path, body: { id, ...body } };
  },
};

export function onTheWire<K extends RequestKind>(asked: Asked<K>): HttpRequest {
  const write: (asked: Asked<K>) => HttpRequest = ON_THE_WIRE[asked.kind];
  return write(asked);
}
