/** What one node sees of the others, and whom it names by it. */

export { type Conduct, nameSuspects, type Suspicion, type SuspicionKind } from './conduct.ts'
export { ConductBook } from './conduct-book.ts'
