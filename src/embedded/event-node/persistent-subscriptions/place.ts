// Places in a source as text, the form in which they are stored and told.
import { type LogPosition } from '../read-response.js';
import { type Place } from './group/message.js';

/** "The end", as the start of a group of a stream and of one of $all. */
export const END_OF_STREAM = '-1';
export const END_OF_ALL = 'C:-1/P:-1';
export const START_OF_STREAM = '0';
export const START_OF_ALL = 'C:0/P:0';

const IN_ALL = /^C:(-?\d+)\/P:(-?\d+)$/;
const IN_STREAM = /^-?\d+$/;

export const isPlace = (text: string): text is Place => IN_ALL.test(text) || IN_STREAM.test(text);

export const isEnd = (start: Place) => start === END_OF_STREAM || start === END_OF_ALL;

export const placeInAll = ({ commit, prepare }: LogPosition): Place => `C:${commit}/P:${prepare}`;

/** The commit position of a place in $all. */
export const commitOf = (place: Place): number => Number(IN_ALL.exec(place)?.[1] ?? 0);

export const prepareOf = (place: Place): number => Number(IN_ALL.exec(place)?.[2] ?? 0);

export const revisionOf = (place: Place): number => Number(place);
