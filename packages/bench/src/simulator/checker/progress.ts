import type { Instance } from '../engine/instance.ts'
import type { Checker, Failure } from './checker.ts'

/** Final blocks beyond the highest at healing that each honest instance must reach. */
export const PROGRESS_HEIGHTS = 3

/** Virtual time in which it must: the longest pause of retries many times over. */
export const PROGRESS_LIMIT_MS = 20_000

/**
 * [SIM-7] The bound on progress: of the views that begin after healing, an honest instance enters at most this many from one
 * final block to the next.
 *
 * With faulty stake below a third of n validators: two views in which the others were still catching up, those of the faulty
 * leaders in a row, that of an honest one, and one more where its block is the last of an epoch, final by its own quorum alone.
 */
export function progressViewsMax(validatorCount: number): number {
  return 4 + Math.ceil(validatorCount / 3)
}

interface Place {
  readonly epoch: number
  readonly view: number
}

/** Where an instance stands, and how many views it entered since its latest final block. */
interface Stand extends Place {
  readonly height: number
  readonly viewCount: number
  readonly isNewView: boolean
}

/** Progress after healing, in views; and in time, for a network that enters no views at all. */
export class ProgressChecker implements Checker {
  readonly #honest: readonly Instance[]
  readonly #viewsMax: number
  readonly #limitMs: number
  readonly #stands = new Map<number, Stand>()
  /** The furthest view that an honest instance was in at healing. */
  #healedIn: Place = { epoch: 0, view: 0 }
  #targetHeight: number | null = null
  #views = 0
  #reachedAtMs: number | null = null

  constructor(honest: readonly Instance[], options: { viewsMax: number; limitMs: number }) {
    this.#honest = honest
    this.#viewsMax = options.viewsMax
    this.#limitMs = options.limitMs
  }

  /** When every honest instance had reached the target; null before. */
  get reachedAtMs(): number | null {
    return this.#reachedAtMs
  }

  /** Most views that an honest instance has entered since healing without a new final block. */
  get views(): number {
    return this.#views
  }

  /** The last instant at which the target may be reached. */
  get limitMs(): number {
    return this.#limitMs
  }

  start(): void {
    const heights = this.#honest.map((instance) => heightOf(instance) ?? 0)
    this.#targetHeight = Math.max(...heights) + PROGRESS_HEIGHTS
    for (const { process } of this.#honest) {
      if (process === null) continue
      const place = process.inspect()
      if (isBehind(this.#healedIn, place)) this.#healedIn = { epoch: place.epoch, view: place.view }
    }
  }

  onStepped(instance: Instance, nowMs: number): readonly Failure[] {
    if (this.#targetHeight === null || this.#reachedAtMs !== null) return []
    const stand = this.#standOf(instance)
    if (stand === null) return []
    this.#stands.set(instance.index, stand)
    if (stand.viewCount === 0) {
      const target = this.#targetHeight
      const isReached = this.#honest.every((other) => (heightOf(other) ?? 0) >= target)
      if (isReached) this.#reachedAtMs = nowMs
      return []
    }
    this.#views = Math.max(this.#views, stand.viewCount)
    if (!stand.isNewView || stand.viewCount !== this.#viewsMax + 1) return []
    const sentence = `instance ${instance.index} entered ${stand.viewCount} views on its final height ${stand.height} after healing`
    return [{ property: 'progress', atMs: nowMs, sentence }]
  }

  #standOf({ index, process }: Instance): Stand | null {
    if (process === null) return null
    const { epoch, view, height } = process.inspect()
    const last = this.#stands.get(index) ?? { epoch, view, height, viewCount: 0, isNewView: false }
    if (height > last.height) return { epoch, view, height, viewCount: 0, isNewView: false }
    const isMoved = isBehind(last, { epoch, view })
    const isNewView = isMoved && isBehind(this.#healedIn, { epoch, view })
    return { epoch, view, height, viewCount: last.viewCount + (isNewView ? 1 : 0), isNewView }
  }

  onEnd(nowMs: number): readonly Failure[] {
    if (this.#targetHeight === null || this.#reachedAtMs !== null) return []
    const heights = this.#honest.map((instance) => heightOf(instance) ?? 'down')
    const sentence = `height ${this.#targetHeight} is not final everywhere: ${heights.join(', ')}`
    return [{ property: 'progress', atMs: nowMs, sentence }]
  }
}

function heightOf({ process }: Instance): number | null {
  return process === null ? null : process.inspect().height
}

function isBehind(place: Place, other: Place): boolean {
  return place.epoch < other.epoch || (place.epoch === other.epoch && place.view < other.view)
}
