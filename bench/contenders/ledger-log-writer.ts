// A ledger's history, decided like any other but appended straight to the log, in groups.
import { decideGroup, GROUP_COMMANDS_MAX } from '../../src/commands/ledger-writer/decide-group.js';
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { emptyLedger, settle } from '../../src/domain/ledger/state.js';
import { type EventStore, type Position } from '../../src/event-store/event-store.js';
import { GENESIS_HASH } from '../../src/event-store/hash-chain.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';

const causation = {
  actor: 'bench',
  requestId: 'history',
  correlationId: 'history',
  causationId: 'history',
  clientAddress: null,
};

/** Appends commands of one ledger, whose only writer it is. */
export class LedgerLogWriter {
  private readonly state = emptyLedger();
  private hash = GENESIS_HASH;

  constructor(
    private readonly store: EventStore,
    private readonly ledger: string,
  ) {}

  get events(): number {
    return this.state.revision + 1;
  }

  /** @param group GROUP_COMMANDS_MAX at most, all of which are taken. */
  async append(group: readonly LedgerCommand[]): Promise<Position> {
    const requests = group.map((command) => ({ command, causation }));
    const base = { stream: ledgerStream(this.ledger), state: this.state, hash: this.hash };
    const { events, layer, hash } = decideGroup(base, requests);
    if (events.length < group.length) throw new Error('a command of the bench was not taken');
    const appended = await this.store.append(base.stream, this.state.revision, events);
    if (appended.kind === 'conflict') throw new Error(`somebody else writes to ${this.ledger}`);
    settle(layer, this.state);
    this.hash = hash;
    return appended.position;
  }
}

export function* groupsOf(commands: Iterable<LedgerCommand>): Generator<LedgerCommand[]> {
  let group: LedgerCommand[] = [];
  for (const command of commands) {
    group.push(command);
    if (group.length < GROUP_COMMANDS_MAX) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
