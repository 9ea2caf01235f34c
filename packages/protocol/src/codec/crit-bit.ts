import { encode } from './cbor.ts'
import { hashOf } from './digest.ts'

/** One key, as text and as UTF-8, with its value. `hash` is filled in when first asked for; nothing else ever changes. */
export interface Leaf<V> {
  readonly kind: 'leaf'
  readonly key: string
  readonly bytes: Uint8Array
  readonly value: V
  hash: Uint8Array | undefined
}

/** Keys that differ first at bit `bit`: those with a 0 there are below `low`, those with a 1 below `high`. */
export interface Branch<V> {
  readonly kind: 'branch'
  readonly bit: number
  readonly low: Node<V>
  readonly high: Node<V>
  hash: Uint8Array | undefined
}

export type Node<V> = Leaf<V> | Branch<V>

export function createLeaf<V>(key: string, bytes: Uint8Array, value: V): Leaf<V> {
  return { kind: 'leaf', key, bytes, value, hash: undefined }
}

function createBranch<V>(bit: number, low: Node<V>, high: Node<V>): Branch<V> {
  return { kind: 'branch', bit, low, high, hash: undefined }
}

/** The leaf that `bytes` leads to: its own if it is there, else one that no other shares more leading bits with. */
export function nearestLeaf<V>(root: Node<V>, bytes: Uint8Array): Leaf<V> {
  let node = root
  while (node.kind === 'branch') node = bitAt(bytes, node.bit) === 0 ? node.low : node.high
  return node
}

/** The tree with `leaf` in the place of the leaf of the same key. */
export function replaceLeaf<V>(node: Node<V>, leaf: Leaf<V>): Node<V> {
  if (node.kind === 'leaf') return leaf
  return bitAt(leaf.bytes, node.bit) === 0
    ? createBranch(node.bit, replaceLeaf(node.low, leaf), node.high)
    : createBranch(node.bit, node.low, replaceLeaf(node.high, leaf))
}

/** The tree with `leaf` added, whose key differs from its nearest leaf's first at `bit`. */
export function insertLeaf<V>(node: Node<V>, leaf: Leaf<V>, bit: number): Node<V> {
  if (node.kind === 'leaf' || node.bit > bit) {
    return bitAt(leaf.bytes, bit) === 0
      ? createBranch(bit, leaf, node)
      : createBranch(bit, node, leaf)
  }
  return bitAt(leaf.bytes, node.bit) === 0
    ? createBranch(node.bit, insertLeaf(node.low, leaf, bit), node.high)
    : createBranch(node.bit, node.low, insertLeaf(node.high, leaf, bit))
}

/** The tree without the leaf of `bytes`, which is in it; `undefined` when that was the last one. */
export function removeLeaf<V>(node: Node<V>, bytes: Uint8Array): Node<V> | undefined {
  if (node.kind === 'leaf') return undefined
  if (bitAt(bytes, node.bit) === 0) {
    const low = removeLeaf(node.low, bytes)
    return low === undefined ? node.high : createBranch(node.bit, low, node.high)
  }
  const high = removeLeaf(node.high, bytes)
  return high === undefined ? node.low : createBranch(node.bit, node.low, high)
}

/** The part of the tree whose keys start with `prefix`, if there are any. */
export function subtreeOf<V>(root: Node<V>, prefix: Uint8Array): Node<V> | undefined {
  let node = root
  while (node.kind === 'branch' && node.bit < prefix.length * 8) {
    node = bitAt(prefix, node.bit) === 0 ? node.low : node.high
  }
  const { bytes } = nearestLeaf(node, prefix)
  return prefix.every((byte, index) => bytes[index] === byte) ? node : undefined
}

/** The leaves in order, those alone that come after the key `after` if it is given. */
export function* leavesOf<V>(root: Node<V>, after?: Uint8Array): IterableIterator<Leaf<V>> {
  const pending = after === undefined ? [root] : nodesAfter(root, after)
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    while (node.kind === 'branch') {
      pending.push(node.high)
      node = node.low
    }
    yield node
  }
}

/** The largest subtrees that lie wholly after the key `after`, the last one first. */
function nodesAfter<V>(root: Node<V>, after: Uint8Array): Node<V>[] {
  const difference = firstDifference(nearestLeaf(root, after).bytes, after)
  const sharedBits = difference ?? Number.POSITIVE_INFINITY
  const pending: Node<V>[] = []
  let node = root
  while (node.kind === 'branch' && node.bit < sharedBits) {
    if (bitAt(after, node.bit) === 0) {
      pending.push(node.high)
      node = node.low
    } else {
      node = node.high
    }
  }
  // What is left is the leaf of `after` itself, or shares the bit in which its nearest leaf differs from `after`.
  if (difference !== undefined && bitAt(after, difference) === 0) pending.push(node)
  return pending
}

/** The first bit in which two keys differ, each going on with zeros; `undefined` if they are the same. */
export function firstDifference(a: Uint8Array, b: Uint8Array): number | undefined {
  const size = Math.max(a.length, b.length)
  for (let index = 0; index < size; index++) {
    const difference = (a[index] ?? 0) ^ (b[index] ?? 0)
    if (difference !== 0) return index * 8 + Math.clz32(difference) - 24
  }
  return undefined
}

function bitAt(bytes: Uint8Array, bit: number): number {
  return ((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1
}

const LEAF_TAG = Uint8Array.of(0)
const BRANCH_SIZE = 1 + 4 + 32 + 32

/** [ENC-9] The hash of what is below a node, computed once a node. */
export function hashOfNode<V>(node: Node<V>): Uint8Array {
  if (node.hash !== undefined) return node.hash
  node.hash =
    node.kind === 'leaf' ? hashOf(LEAF_TAG, encode([node.key, node.value])) : hashOfBranch(node)
  return node.hash
}

function hashOfBranch<V>(branch: Branch<V>): Uint8Array {
  const bytes = new Uint8Array(BRANCH_SIZE)
  bytes[0] = 1
  new DataView(bytes.buffer).setUint32(1, branch.bit)
  bytes.set(hashOfNode(branch.low), 5)
  bytes.set(hashOfNode(branch.high), 37)
  return hashOf(bytes)
}
