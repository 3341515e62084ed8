// How much memory a process takes for what it no longer needs.
import { setFlagsFromString } from 'node:v8';

/** The flag of V8, a whole number: old objects are collected once there are so many per cent more of them. */
export const HEAP_GROWTH_FLAG = '--heap-growing-percent';
const HEAP_GROWTH_PERCENT = 60;

/**
 * Has garbage collected before it is as much as what is in use. V8 by itself lets old objects become four
 * times as many on a machine with memory to spare, which a process that folds millions of events and keeps
 * next to nothing of them soon has filled. No limit is set: what is needed is there.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`${HEAP_GROWTH_FLAG}=${HEAP_GROWTH_PERCENT}`);
}
