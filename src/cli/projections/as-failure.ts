// What the engine's errors mean to whoever typed the command.
import { BuildStopped, NewerVersion } from '../../../projections/engine/build.js';
import { TablesInUse } from '../../../projections/engine/drop-generation.js';
import { NoSuchGeneration } from '../../../projections/engine/generations.js';
import {
  Differs,
  MaintenanceRefused,
  MaintenanceRunning,
} from '../../../projections/engine/maintenance.js';
import { isFinal } from '../../../projections/engine/projector.js';
import { AnotherLog } from '../../../projections/engine/same-log.js';
import { LiveIsBehind } from '../../../projections/engine/same-place.js';
import { LiveIsPaused } from '../../../projections/engine/swap.js';
import { Failure } from '../../platform/failure.js';

const REFUSALS = [
  AnotherLog,
  BuildStopped,
  Differs,
  LiveIsBehind,
  LiveIsPaused,
  MaintenanceRefused,
  MaintenanceRunning,
  NewerVersion,
  TablesInUse,
];

export function asFailure(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { message } = error;
  if (error instanceof NoSuchGeneration) return new Failure('usage', message, { cause: error });
  if (REFUSALS.some((type) => error instanceof type)) {
    return new Failure('refused', message, { cause: error });
  }
  if (isFinal(error)) return new Failure('findings', message, { cause: error });
  return error;
}
