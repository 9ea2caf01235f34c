import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** An experiment file that comes with the package. */
export interface BuiltIn {
  readonly name: string
  readonly path: string
  readonly text: string
}

const FOLDER = fileURLToPath(new URL('../../experiments', import.meta.url))
const EXTENSION = '.yaml'

/** By name. */
export function listBuiltIns(): readonly BuiltIn[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(EXTENSION))
    .toSorted()
    .map((file) => {
      const path = join(FOLDER, file)
      return { name: file.slice(0, -EXTENSION.length), path, text: readFileSync(path, 'utf8') }
    })
}
