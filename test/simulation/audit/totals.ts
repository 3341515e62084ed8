// What the read models have to come to: debits and credits of everything posted.
import { textOf } from './amounts.js';
import { type AccountState } from './account-state.js';
import { type Books } from './books.js';

/** Of all accounts of one type in one currency. */
export interface Totals {
  readonly currency: string;
  readonly type: string;
  readonly accounts: number;
  readonly debits: string;
  readonly credits: string;
}

/** As the books stand, by currency and type. */
export function totalsOf(books: Books): Totals[] {
  const states = books.addresses().flatMap((address) => books.latest(address) ?? []);
  const groupOf = ({ currency, type }: { currency: string; type: string }) => `${currency} ${type}`;
  return [...new Set(states.map(groupOf))].toSorted().flatMap((name) => {
    const group = states.filter((state) => groupOf(state) === name);
    return group[0] ? [totalsOfGroup(group[0], group)] : [];
  });
}

function totalsOfGroup({ currency, type, scale }: AccountState, group: AccountState[]): Totals {
  const sum = (side: 'debits' | 'credits') =>
    textOf(
      group.reduce((total, state) => total + state[side], 0n),
      scale,
    );
  return {
    ...{ currency, type, accounts: group.length },
    ...{ debits: sum('debits'), credits: sum('credits') },
  };
}
