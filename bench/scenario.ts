// What can be asked of the bench by name.
import { type Extent, type Measured } from './measured.js';
import { type Stage } from './stage.js';

export interface Scenario {
  /** As it is chosen on the command line. */
  readonly name: string;
  readonly question: string;
  /** Left out unless it is named: it takes long, or much memory. */
  readonly onlyByName?: boolean;
  /** Part of what `--quick` runs. */
  readonly isQuick?: boolean;
  /** Tells of each figure as soon as there is one. */
  run(stage: Stage, extent: Extent, tell: (measured: Measured) => void): Promise<void>;
}
