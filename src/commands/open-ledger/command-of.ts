import { type LedgerRules } from '../../domain/ledger/events.js';
import { NO_RULES, type OpenLedger } from '../../domain/ledger/open-ledger.js';
import { utcNow } from '../../platform/clock.js';
import { type OpenLedgerBody, type RulesBody } from './dto.js';

/** What a request asks for. */
export function openLedgerOf({ id, name, assets, rules }: OpenLedgerBody): OpenLedger {
  return {
    type: 'OpenLedger',
    ledger: id,
    name,
    assets: assets ?? [],
    rules: rulesOf(rules ?? {}),
    now: utcNow(),
  };
}

function rulesOf({ uniqueReferences, pastDaysMax, futureDaysMax }: RulesBody): LedgerRules {
  return {
    uniqueReferences: uniqueReferences ?? NO_RULES.uniqueReferences,
    pastDaysMax: pastDaysMax ?? NO_RULES.pastDaysMax,
    futureDaysMax: futureDaysMax ?? NO_RULES.futureDaysMax,
  };
}
