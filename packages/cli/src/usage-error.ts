/** The operator asked for something that cannot be: one helpful line and exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The world did not do its part (no network to talk to, a node died): one line and exit code 1. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError'
}

/** The operator ended the command before it was done: no line, exit code 130. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError'
}
