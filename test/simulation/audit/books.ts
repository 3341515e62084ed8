// The auditor's own books: every account as it was after every event that touched it.
import { textOf } from './amounts.js';

const ISO_SCALES: Readonly<Record<string, number>> = { EUR: 2, USD: 2, JPY: 0 };

export interface AccountState {
  readonly address: string;
  readonly type: string;
  readonly currency: string;
  readonly scale: number;
  readonly status: 'open' | 'frozen' | 'closed';
  readonly freeze: 'debits' | 'all' | null;
  readonly version: number;
  readonly debits: bigint;
  readonly credits: bigint;
  readonly overdraftLimit: bigint | null;
  readonly balanceLimit: bigint | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly openedAt: string;
}

interface Entry {
  readonly revision: number;
  readonly state: AccountState;
}

export class Books {
  /** Decimals by currency. */
  readonly scales = new Map(Object.entries(ISO_SCALES));
  /** Debits less credits of everything entered, by currency. */
  readonly differences = new Map<string, bigint>();
  private readonly histories = new Map<string, Entry[]>();

  addresses(): string[] {
    return [...this.histories.keys()];
  }

  enter(revision: number, state: AccountState): void {
    const { address, currency } = state;
    const before = this.latest(address) ?? { debits: 0n, credits: 0n };
    const change = state.debits - before.debits - (state.credits - before.credits);
    this.differences.set(currency, (this.differences.get(currency) ?? 0n) + change);
    const history = this.histories.get(address);
    if (history) history.push({ revision, state });
    else this.histories.set(address, [{ revision, state }]);
  }

  latest(address: string): AccountState | undefined {
    return this.histories.get(address)?.at(-1)?.state;
  }

  /** As it was right after the event at this revision. */
  at(address: string, revision: number): AccountState | undefined {
    return this.histories.get(address)?.findLast((entry) => entry.revision <= revision)?.state;
  }

  /** Every state that an account had from one revision to another, both included. */
  between(address: string, first: number, last: number): AccountState[] {
    const changes = this.histories
      .get(address)
      ?.filter(({ revision }) => revision > first && revision <= last)
      .map(({ state }) => state);
    const before = this.at(address, first);
    return [...(before ? [before] : []), ...(changes ?? [])];
  }
}

function growsByDebits({ type }: { readonly type: string }): boolean {
  return type === 'asset' || type === 'expense';
}

export function balanceOf(state: AccountState): bigint {
  const { debits, credits } = state;
  return growsByDebits(state) ? debits - credits : credits - debits;
}

/** An account as the API tells it. */
export function shown(state: AccountState): object {
  const { address, type, currency, scale, status, freeze, version, metadata, openedAt } = state;
  const zero = textOf(0n, scale);
  return {
    ...{ address, type, currency, status, freeze, version },
    balance: textOf(balanceOf(state), scale),
    available: textOf(balanceOf(state), scale),
    posted: { debits: textOf(state.debits, scale), credits: textOf(state.credits, scale) },
    pending: { debits: zero, credits: zero },
    overdraftLimit: limitText(state.overdraftLimit, scale),
    balanceLimit: limitText(state.balanceLimit, scale),
    ...{ metadata, openedAt },
  };
}

/** An account as a refusal or a rejection tells it. */
export function evidenceOf(state: AccountState): object {
  const { address, currency, scale, version, status, freeze } = state;
  return {
    account: address,
    ...{ currency, version, status, ...(freeze && { freeze }) },
    balance: textOf(balanceOf(state), scale),
    available: textOf(balanceOf(state), scale),
    overdraftLimit: limitText(state.overdraftLimit, scale),
    balanceLimit: limitText(state.balanceLimit, scale),
  };
}

function limitText(limit: bigint | null, scale: number): string | null {
  return limit === null ? null : textOf(limit, scale);
}
