// The requests of each operation, written out as they go over the wire.
import { addressAt, pairsOf, randomFrom } from './account-choice.js';
import { type LoadTask, type Question } from './task.js';

const CURRENCY = 'EUR';
/** Amounts go from 0.25 to 99.25. */
const AMOUNTS = 100;
const SEED = 7;
const STATEMENT_LINES = 50;
const YEAR_MS = 365 * 24 * 3_600_000;

/** Sent one after the other, each once the one before it was answered. */
export type Operation = readonly string[];

/** Makes the next operation of a connection. */
export type Operations = (connection: number) => Operation;

export function operationsOf(task: LoadTask): Operations {
  const { work } = task;
  const transfer = transfersOf(task);
  const on = (connection: number) => task.ledgers[connection % task.ledgers.length] ?? '';
  const write = (path: string, body: object) => requestText(task, 'POST', path, body);
  switch (work.kind) {
    case 'transfer':
      return (connection) => [write(`/v1/ledgers/${on(connection)}/transfers`, transfer())];
    case 'batch':
      return (connection) => {
        const transfers = Array.from({ length: work.transfers }, transfer);
        const { id } = transfers[0] ?? {};
        const body = { atomic: work.atomic, ...(work.atomic && { id: `batch-${id}` }), transfers };
        return [write(`/v1/ledgers/${on(connection)}/transfers/batch`, body)];
      };
    case 'hold-and-capture':
      return (connection) => {
        const path = `/v1/ledgers/${on(connection)}/transfers`;
        const held = transfer();
        const hold = { ...held, pending: { expiresAt: inAYear() } };
        return [write(path, hold), write(`${path}/${held.id}/capture`, { final: true })];
      };
    case 'nothing': {
      const nothing = [write('/v1/nothing', { id: 'transfer-1', amount: '1.00' })];
      return () => nothing;
    }
    case 'question':
      return questionsOf(task, work.question, on);
  }
}

function transfersOf({ spread, idPrefix = 'transfer' }: LoadTask) {
  const pair = pairsOf(spread);
  const random = randomFrom(SEED);
  let number = 0;
  return () => {
    number += 1;
    const [debit, credit] = pair();
    return {
      id: `${idPrefix}-${number}`,
      debit: addressAt(debit),
      credit: addressAt(credit),
      amount: `${Math.floor(random() * AMOUNTS)}.25`,
      currency: CURRENCY,
    };
  };
}

function questionsOf(
  task: LoadTask,
  question: Question,
  on: (connection: number) => string,
): Operations {
  const pair = pairsOf(task.spread);
  const now = new Date().toISOString();
  const rests: Readonly<Record<Question, string>> = {
    account: '',
    statement: `/statement?from=2026-01-01T00:00:00Z&to=${inAYear()}&limit=${STATEMENT_LINES}`,
    'balance-at': `?at=${now}`,
  };
  return (connection) => {
    const [account] = pair();
    const path = `/v1/ledgers/${on(connection)}/accounts/${addressAt(account)}${rests[question]}`;
    return [requestText(task, 'GET', path)];
  };
}

function inAYear(): string {
  return new Date(Date.now() + YEAR_MS).toISOString();
}

function requestText({ token }: LoadTask, method: string, path: string, body?: object): string {
  const head = `${method} ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${token}\r\n`;
  if (body === undefined) return `${head}\r\n`;
  const text = JSON.stringify(body);
  const length = Buffer.byteLength(text);
  return `${head}content-type: application/json\r\ncontent-length: ${length}\r\n\r\n${text}`;
}
