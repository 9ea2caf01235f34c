import { fromString } from 'uint8arrays/from-string'
import { invariant } from '../invariant.ts'
import {
  createLeaf,
  firstDifference,
  hashOfNode,
  insertLeaf,
  type Leaf,
  leavesOf,
  type Node,
  nearestLeaf,
  removeLeaf,
  replaceLeaf,
  subtreeOf,
} from './crit-bit.ts'
import { type Digest, digestOfHash, hashOf } from './digest.ts'

/** Bytes of a key in UTF-8. */
export const KEY_SIZE_MAX = 256

/**
 * An immutable ordered map from text to encodable values: a crit-bit tree over the UTF-8 bytes of the keys.
 *
 * Shape   keys of 1..KEY_SIZE_MAX bytes, well-formed, without NUL; values encodable and never mutated.
 * Order   bytes of the key, so a key comes before those that begin with it. Bit 0 is the highest bit of the first byte,
 *         and a key goes on with zeros after its end, which is why it must not contain any.
 * Digest  [ENC-9] empty: sha256('') · leaf: sha256(0x00 ‖ encode([key, value])) ·
 *         branch: sha256(0x01 ‖ bit as u32 big-endian ‖ hash of low ‖ hash of high).
 *         The shape follows from the contents alone, so equal contents have equal digests, however they came about.
 * Errors  none: a key outside the shape is our own bug and throws `InvariantError`.
 * Cost    get, set and delete O(depth); a digest O(nodes made since the last one).
 */
export class Tree<V> {
  readonly #root: Node<V> | undefined

  /** How many keys there are. */
  readonly size: number

  private constructor(root: Node<V> | undefined, size: number) {
    this.#root = root
    this.size = size
  }

  static empty<V>(): Tree<V> {
    return new Tree<V>(undefined, 0)
  }

  /** The tree of these entries; of two with one key the later one stays. */
  static from<V>(entries: Iterable<readonly [string, V]>): Tree<V> {
    let tree = Tree.empty<V>()
    for (const [key, value] of entries) tree = tree.set(key, value)
    return tree
  }

  get(key: string): V | undefined {
    return this.#find(key)?.value
  }

  has(key: string): boolean {
    return this.#find(key) !== undefined
  }

  /** This tree with `key` standing for `value`; this tree itself if it does already. */
  set(key: string, value: V): Tree<V> {
    const leaf = createLeaf(key, keyBytes(key), value)
    if (this.#root === undefined) return new Tree(leaf, 1)
    const nearest = nearestLeaf(this.#root, leaf.bytes)
    const difference = firstDifference(nearest.bytes, leaf.bytes)
    if (difference !== undefined) {
      return new Tree(insertLeaf(this.#root, leaf, difference), this.size + 1)
    }
    return nearest.value === value ? this : new Tree(replaceLeaf(this.#root, leaf), this.size)
  }

  /** This tree without `key`; this tree itself if it is not there. */
  delete(key: string): Tree<V> {
    const leaf = this.#find(key)
    if (this.#root === undefined || leaf === undefined) return this
    return new Tree(removeLeaf(this.#root, leaf.bytes), this.size - 1)
  }

  /** The entries whose keys start with `prefix`, in order; with `after`, which need not be a key, those that come after it. */
  *entries(prefix = '', after?: string): IterableIterator<readonly [string, V]> {
    if (this.#root === undefined) return
    const subtree = subtreeOf(this.#root, boundBytes(prefix))
    if (subtree === undefined) return
    const leaves = leavesOf(subtree, after === undefined ? undefined : boundBytes(after))
    for (const leaf of leaves) yield [leaf.key, leaf.value]
  }

  /** [ENC-9] Equal for equal contents. */
  digest(): Digest {
    return digestOfHash(this.#root === undefined ? hashOf() : hashOfNode(this.#root))
  }

  #find(key: string): Leaf<V> | undefined {
    if (this.#root === undefined) return undefined
    const leaf = nearestLeaf(this.#root, keyBytes(key))
    return leaf.key === key ? leaf : undefined
  }
}

/** Whether a text may be a key. What a peer gives as keys is asked this first. [ENC-9] */
export function isTreeKey(text: string): boolean {
  if (text === '' || text.length > KEY_SIZE_MAX) return false
  if (!text.isWellFormed() || text.includes('\0')) return false
  return fromString(text, 'utf8').length <= KEY_SIZE_MAX
}

function keyBytes(key: string): Uint8Array {
  invariant(key !== '', 'a key is not empty')
  return boundBytes(key)
}

/** The bytes of a key or of what bounds keys, which may be empty. */
function boundBytes(text: string): Uint8Array {
  invariant(text.isWellFormed() && !text.includes('\0'), 'a key is well-formed text without NUL')
  const bytes = fromString(text, 'utf8')
  invariant(bytes.length <= KEY_SIZE_MAX, `a key has at most ${KEY_SIZE_MAX} bytes`)
  return bytes
}
