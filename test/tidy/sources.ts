import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The top of the repository. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** TypeScript files below a folder, as paths from the top of the repository, in order. */
export function listSources(folder: string): readonly string[] {
  return globSync(`${folder}/**/*.ts`, { cwd: root })
    .filter((path) => !path.includes('node_modules') && !path.includes('/dist/'))
    .toSorted()
}
