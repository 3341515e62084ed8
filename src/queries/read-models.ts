/** Under which Nest finds the ReadModels that queries are answered from. */
export const READ_MODELS = Symbol('read models');
