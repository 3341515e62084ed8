// Ends what a test has started, also when an expectation fails before the test comes to that: what is left
// running keeps its stores from stopping, and the whole file waiting.

/** Something that runs until it is stopped. */
interface Stoppable {
  stop(): Promise<void>;
}

const ofTest = new Set<Stoppable>();
const ofFile = new Set<Stoppable>();

// Registered by whoever imports this, before hooks of its own: so these run before the stores are stopped.
afterEach(() => stopAll(ofTest));
afterAll(() => stopAll(ofFile));

/** Stopped when the test ends, unless it was before. */
export function stoppedWithTheTest<T extends Stoppable>(running: T): T {
  return stoppedWith(ofTest, running);
}

/** Stopped when all tests of the file have ended, unless it was before. */
export function stoppedWithTheFile<T extends Stoppable>(running: T): T {
  return stoppedWith(ofFile, running);
}

function stoppedWith<T extends Stoppable>(all: Set<Stoppable>, running: T): T {
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= running.stop());
  const once = { ...running, stop };
  all.add(once);
  return once;
}

async function stopAll(all: Set<Stoppable>): Promise<void> {
  await Promise.all([...all].map((each) => each.stop()));
  all.clear();
}
