import type {
  Block,
  Certificate,
  CertifiedHeader,
  ChainSource,
  Cid,
  FinalBlock,
  JournalRecord,
  Snapshot,
} from '@commonweal/protocol'

/**
 * What outlives a process: its journal, the final blocks and the latest snapshot, and what it answers peers from.
 *
 * Writing a list of records is one transaction, as with SQLite: all of it is there after a crash, or nothing.
 */
export class Disk implements ChainSource {
  readonly #records: JournalRecord[] = []
  readonly #finals: {
    readonly blocks: readonly FinalBlock[]
    readonly certificate: Certificate
  }[] = []
  readonly #byId = new Map<Cid, Block>()
  readonly #byHeight = new Map<number, Block>()
  readonly #certificates = new Map<number, Certificate>()
  readonly #epochEnds = new Map<number, CertifiedHeader>()
  #snapshot: Snapshot | null = null
  #head: CertifiedHeader | undefined

  get records(): readonly JournalRecord[] {
    return this.#records
  }

  /** What each `final` effect held, oldest first. */
  get finals(): readonly {
    readonly blocks: readonly FinalBlock[]
    readonly certificate: Certificate
  }[] {
    return this.#finals
  }

  get latestSnapshot(): Snapshot | null {
    return this.#snapshot
  }

  addRecords(records: readonly JournalRecord[]): void {
    this.#records.push(...records)
    for (const record of records) {
      if (record.kind === 'block') this.#byId.set(record.id, record.block)
    }
  }

  addFinal(blocks: readonly FinalBlock[], certificate: Certificate): void {
    this.#finals.push({ blocks, certificate })
    for (const { id, block } of blocks) {
      this.#byId.set(id, block)
      this.#byHeight.set(block.header.height, block)
    }
    const header = blocks.at(-1)?.block.header
    if (header === undefined) return
    this.#certificates.set(header.height, certificate)
    this.#head = { header, certificate }
    if (header.nextSet !== null) this.#epochEnds.set(header.epoch, this.#head)
  }

  addSnapshot(snapshot: Snapshot): void {
    this.#snapshot = snapshot
  }

  head(): CertifiedHeader | undefined {
    return this.#head
  }

  blockById(id: Cid): Block | undefined {
    return this.#byId.get(id)
  }

  finalBlock(height: number): Block | undefined {
    return this.#byHeight.get(height)
  }

  certificateAt(height: number): Certificate | undefined {
    return this.#certificates.get(height)
  }

  epochEnd(epoch: number): CertifiedHeader | undefined {
    return this.#epochEnds.get(epoch)
  }

  /** Nobody joins a simulated network without its blocks. */
  snapshot(): undefined {
    return undefined
  }
}
