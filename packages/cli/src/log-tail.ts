import { open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** How often a followed file is looked at. */
const LOOK_MS = 250
const CHUNK_SIZE = 64 * 1024

/** The end of a file: its last lines, oldest first, and where it ended when they were read. */
export interface Tail {
  readonly lines: readonly string[]
  readonly end: number
}

/** Reads the last lines of a file; where there is none, no lines. */
export async function readTail(path: string, countMax: number): Promise<Tail> {
  const file = await open(path).catch(() => undefined)
  if (file === undefined) return { lines: [], end: 0 }
  try {
    const { size: end } = await file.stat()
    let start = end
    let tail = Buffer.alloc(0)
    // One line end more than lines are wanted shows that the first of them is whole.
    while (start > 0 && countLineEnds(tail) <= countMax) {
      const size = Math.min(CHUNK_SIZE, start)
      start -= size
      const chunk = Buffer.alloc(size)
      await file.read(chunk, 0, size, start)
      tail = Buffer.concat([chunk, tail])
    }
    return { lines: splitLines(tail.toString('utf8')).slice(-countMax), end }
  } finally {
    await file.close()
  }
}

/** Lines that a file has, or gets, beyond a position, until the signal aborts. */
export async function* followLines(
  path: string,
  from: number,
  signal: AbortSignal,
): AsyncIterable<string> {
  const file = await open(path)
  const decoder = new TextDecoder()
  try {
    let position = from
    let begun = ''
    while (!signal.aborted) {
      const chunk = Buffer.alloc(CHUNK_SIZE)
      const { bytesRead } = await file.read(chunk, 0, CHUNK_SIZE, position)
      if (bytesRead === 0) {
        await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined)
        continue
      }
      position += bytesRead
      const text = decoder.decode(chunk.subarray(0, bytesRead), { stream: true })
      const lines = (begun + text).split('\n')
      begun = lines.pop() ?? ''
      yield* lines
    }
  } finally {
    await file.close()
  }
}

function countLineEnds(bytes: Buffer): number {
  let count = 0
  for (const byte of bytes) if (byte === 0x0a) count += 1
  return count
}

function splitLines(text: string): readonly string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
