/** Code units joined at once; engines limit the arguments of a call. */
const UNITS_PER_CALL = 4096

/**
 * The text of UTF-8 bytes `start` to `end`, or `undefined` if they are not well-formed.
 *
 * Refuses what Unicode calls ill-formed: overlong forms, surrogates, code points above 10FFFF, stray or missing
 * continuation bytes. Keeps a leading U+FEFF, which `TextDecoder` drops: dropped, the text would not encode to its bytes.
 */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = ''
  let units: number[] = []
  let offset = start
  while (offset < end) {
    const lead = bytes[offset] ?? 0
    if (lead < 0x80) {
      units.push(lead)
      offset += 1
    } else {
      const size = sequenceSize(lead)
      if (size === 0 || offset + size > end) return undefined
      const codePoint = readCodePoint(bytes, offset, size)
      if (codePoint === undefined) return undefined
      pushUnits(units, codePoint)
      offset += size
    }
    if (units.length >= UNITS_PER_CALL) {
      text += String.fromCharCode(...units)
      units = []
    }
  }
  return text + String.fromCharCode(...units)
}

/** Bytes of the sequence that `lead` opens, 0 if it opens none. */
function sequenceSize(lead: number): 0 | 2 | 3 | 4 {
  if (lead >= 0xc2 && lead <= 0xdf) return 2
  if (lead >= 0xe0 && lead <= 0xef) return 3
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0
}

const LEAST_OF_SIZE = { 2: 0x80, 3: 0x800, 4: 0x1_0000 } as const

function readCodePoint(bytes: Uint8Array, offset: number, size: 2 | 3 | 4): number | undefined {
  let codePoint = (bytes[offset] ?? 0) & (0x7f >> size)
  for (let index = 1; index < size; index++) {
    const byte = bytes[offset + index] ?? 0
    if ((byte & 0xc0) !== 0x80) return undefined
    codePoint = (codePoint << 6) | (byte & 0x3f)
  }
  const isOverlong = codePoint < LEAST_OF_SIZE[size]
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff
  return isOverlong || isSurrogate || codePoint > 0x10_ffff ? undefined : codePoint
}

function pushUnits(units: number[], codePoint: number): void {
  if (codePoint < 0x1_0000) {
    units.push(codePoint)
    return
  }
  const offset = codePoint - 0x1_0000
  units.push(0xd800 | (offset >> 10), 0xdc00 | (offset & 0x3ff))
}
