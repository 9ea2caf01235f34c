import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { ExperimentError } from '../experiment/experiment-error.ts'
import { parseRun, type StoredRun } from './stored-run.ts'

/** Finished runs, one line each, in the order in which they ended. */
export const RUN_LOG = 'runs.jsonl'

const LINE_END = 0x0a
const CHUNK_SIZE = 1 << 20

/** Appends runs, each safe on disk before the next: a process that is killed loses what it had not finished. */
export class RunWriter {
  readonly #file: number

  constructor(path: string) {
    this.#file = openSync(path, 'a')
  }

  append(line: string): void {
    const bytes = Buffer.from(`${line}\n`)
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(this.#file, bytes, written)
    }
    fsyncSync(this.#file)
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** Where the line of a run is. */
interface LinePlace {
  readonly offset: number
  readonly size: number
}

/** The runs of a log: which there are, and each when it is asked for. */
export class RunReader {
  readonly #file: FileHandle
  readonly #path: string
  readonly #places = new Map<string, LinePlace>()
  #end = 0

  private constructor(file: FileHandle, path: string) {
    this.#file = file
    this.#path = path
  }

  /**
   * Errors  ExperimentError: a line that is no run, or two that differ about one. A last line without its end is not an error:
   *         whoever wrote it was cut off, and `end` is where it begins.
   */
  static async open(path: string): Promise<RunReader> {
    const reader = new RunReader(await open(path, 'r'), path)
    try {
      await reader.#index()
    } catch (cause) {
      await reader.close()
      throw cause
    }
    return reader
  }

  get ids(): ReadonlySet<string> {
    return new Set(this.#places.keys())
  }

  /** Size of all whole lines. */
  get end(): number {
    return this.#end
  }

  /** The line of a run, without its end; undefined where there is none. */
  async lineOf(id: string): Promise<string | undefined> {
    const place = this.#places.get(id)
    if (place === undefined) return undefined
    const bytes = Buffer.alloc(place.size)
    await this.#file.read(bytes, 0, place.size, place.offset)
    return bytes.toString('utf8')
  }

  async runOf(id: string): Promise<StoredRun | undefined> {
    const line = await this.lineOf(id)
    return line === undefined ? undefined : parseRun(line)
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  async #index(): Promise<void> {
    let pending = Buffer.alloc(0)
    let number = 0
    for (let position = 0; ; ) {
      const chunk = Buffer.alloc(CHUNK_SIZE)
      const { bytesRead } = await this.#file.read(chunk, 0, CHUNK_SIZE, position)
      if (bytesRead === 0) return
      position += bytesRead
      pending = Buffer.concat([pending, chunk.subarray(0, bytesRead)])
      for (let end = pending.indexOf(LINE_END); end !== -1; end = pending.indexOf(LINE_END)) {
        number += 1
        await this.#add(pending.toString('utf8', 0, end), { offset: this.#end, size: end }, number)
        this.#end += end + 1
        pending = pending.subarray(end + 1)
      }
    }
  }

  async #add(line: string, place: LinePlace, number: number): Promise<void> {
    const run = parseRun(line)
    const at = { line: number, column: 1 }
    if (run === undefined) throw new ExperimentError(this.#path, at, 'this line is no run')
    const known = await this.lineOf(run.id)
    if (known !== undefined && known !== line) {
      throw new ExperimentError(this.#path, at, `another result of run ${run.id} than before`)
    }
    this.#places.set(run.id, place)
  }
}
