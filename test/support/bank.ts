// A small bank that moves money as fast as it can: what it writes to the log gives projections
// something to do.
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { leg, openAccount, openLedger, postTransfer } from './ledger-factories.js';
import { submitterOn } from './submitter.js';

const CUSTOMERS = 20;

export interface Bank {
  /** Opens the ledger, its accounts, and posts or refuses so many transfers. */
  trade(transfers: number): Promise<void>;
  /** Events written so far. */
  events(): number;
  close(): Promise<void>;
}

export function bankOn(store: EventStore, ledger: string): Bank {
  const { submit: submitTo, close } = submitterOn(store);
  let events = 0;
  let traded = 0;
  const submit = async (command: LedgerCommand) => {
    await submitTo(ledger, command);
    events += 1;
  };
  const open = async () => {
    await submit(openLedger({ ledger }));
    await submit(openAccount({ address: 'cash', accountType: 'asset', overdraftLimit: null }));
    for (let customer = 0; customer < CUSTOMERS; customer += 1) {
      await submit(openAccount({ address: `customers:${customer}` }));
    }
  };
  const customer = (number: number) => `customers:${number % CUSTOMERS}`;
  // Deposits, payments between customers through several legs, and some that are refused.
  const transfer = (number: number) => {
    const amount = `${1 + (number % 7)}.${10 + (number % 90)}`;
    const legs = [
      [leg('cash', customer(number), amount)],
      [
        leg(customer(number), customer(number + 1), '0.50'),
        leg(customer(number + 1), customer(number), '0.25'),
        leg(customer(number), customer(number + 2), '0.05'),
      ],
      [leg(customer(number), customer(number + 3), number % 9 === 0 ? '9999' : '0.01')],
    ];
    return postTransfer(`transfer-${number}`, legs[number % legs.length] ?? []);
  };
  return {
    trade: async (transfers) => {
      if (events === 0) await open();
      const numbers = Array.from({ length: transfers }, (_, index) => traded + index);
      traded += transfers;
      await Promise.all(numbers.map((number) => submit(transfer(number))));
    },
    events: () => events,
    close,
  };
}
