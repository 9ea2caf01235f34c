/** Where in an experiment file something stands, both from 1. */
export interface FilePlace {
  readonly line: number
  readonly column: number
}

/** An experiment file, or the folder of a run, asks for what cannot be. The operator's fault: one line, exit code 2. */
export class ExperimentError extends Error {
  override readonly name = 'ExperimentError'
  /** Null where no one place of a file is to blame. */
  readonly place: FilePlace | null

  constructor(path: string, place: FilePlace | null, sentence: string) {
    super(`${path}${place === null ? '' : `:${place.line}:${place.column}`}: ${sentence}`)
    this.place = place
  }
}
