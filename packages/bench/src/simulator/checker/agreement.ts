import type { Cid, Header } from '@commonweal/protocol'
import type { Instance } from '../engine/instance.ts'
import type { Checker, Failure, FinalEffect } from './checker.ts'

/** Two blocks that honest instances finalized at one height. */
export interface Fork {
  readonly height: number
  readonly epoch: number
  readonly first: Cid
  readonly second: Cid
}

/** [SIM-6] Agreement: no two honest instances finalize different blocks at one height, and each final chain is a chain. */
export class AgreementChecker implements Checker {
  readonly #finals = new Map<number, { readonly id: Cid; readonly header: Header }>()
  #forks: Fork[] = []

  get forks(): readonly Fork[] {
    return this.#forks
  }

  onFinal(instance: Instance, effect: FinalEffect, nowMs: number): readonly Failure[] {
    return effect.blocks.flatMap(({ id, block }) => this.#add(instance, id, block.header, nowMs))
  }

  #add(instance: Instance, id: Cid, header: Header, nowMs: number): Failure[] {
    const { height, epoch } = header
    const known = this.#finals.get(height)
    if (known !== undefined) {
      if (known.id === id) return []
      this.#forks.push({ height, epoch, first: known.id, second: id })
      const sentence = `instance ${instance.index} finalized ${id} at height ${height}, where ${known.id} is final`
      return [{ property: 'agreement', atMs: nowMs, sentence }]
    }
    this.#finals.set(height, { id, header })
    const parent = this.#finals.get(height - 1)
    if (parent === undefined || parent.id === header.parent || this.#forks.length > 0) return []
    this.#forks.push({ height: height - 1, epoch, first: parent.id, second: header.parent })
    const sentence = `instance ${instance.index} finalized ${id} on ${header.parent}, where ${parent.id} is final at height ${height - 1}`
    return [{ property: 'agreement', atMs: nowMs, sentence }]
  }
}
