import { ApiProblem, readProblem, request } from './api.ts'

/** A file from Foyer's HTTP API. @throws {ApiProblem} as `api` does */
export async function apiFile(path: string, workspace?: string): Promise<Blob> {
  const response = await request('GET', path, { ...(workspace && { workspace }) })
  if (!response.ok) throw new ApiProblem(await readProblem(response))
  return response.blob()
}
