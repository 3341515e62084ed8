// What is wrong with the books of a contender after a load: the same questions for all of them.
import { addressAt } from '../load/account-choice.js';
import { type LoadResult } from '../load/task.js';
import { BEFORE, type Books, type Contender } from './contender.js';

const TOLD_MAX = 3;

/**
 * In words; none when the books are right: every acknowledged transfer is there once and where the answer
 * said, no other one is, and balances are what the transfers come to.
 */
export async function problemsOf(
  contender: Contender,
  { ledgers, spread }: Books,
  { acknowledged, failures }: LoadResult,
): Promise<string[]> {
  const problems = Object.entries(failures).map(([what, count]) => `${count} answers: ${what}`);
  for (const ledger of ledgers) {
    const expected = new Map(
      acknowledged.filter(([where]) => where === ledger).map(([, id, revision]) => [id, revision]),
    );
    problems.push(...(await problemsWith(contender, ledger, expected, spread.accounts)));
  }
  const rest = problems.length - TOLD_MAX;
  return rest > 0 ? [...problems.slice(0, TOLD_MAX), `and ${rest} more`] : problems;
}

async function problemsWith(
  contender: Contender,
  ledger: string,
  expected: Map<string, number>,
  accounts: number,
): Promise<string[]> {
  const problems: string[] = [];
  const sums = new Map<string, bigint>();
  const add = (address: string, amount: bigint) =>
    sums.set(address, (sums.get(address) ?? 0n) + amount);
  for await (const { id, revision, debit, credit, amount } of contender.booked(ledger)) {
    const isOfLoad = !id.startsWith(BEFORE);
    if (isOfLoad && expected.get(id) !== revision)
      problems.push(`${id} is at ${revision}, unacknowledged`);
    expected.delete(id);
    add(debit, amount);
    add(credit, -amount);
  }
  if (expected.size > 0) problems.push(`${expected.size} acknowledged transfers are not booked`);
  const balances = await contender.balances(ledger);
  if (balances === undefined) return problems;
  if (balances.size !== accounts) problems.push(`${balances.size} accounts, not ${accounts}`);
  for (let n = 0; n < accounts; n += 1) {
    const address = addressAt(n);
    const [is, shouldBe] = [balances.get(address), sums.get(address) ?? 0n];
    if (is !== shouldBe) problems.push(`${address} has ${is}, its transfers come to ${shouldBe}`);
  }
  return problems;
}
