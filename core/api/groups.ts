import { z } from 'zod'
import { RIGHTS } from '../rights.ts'
import { PersonName } from './accounts.ts'

const rights = z
  .array(z.enum(RIGHTS))
  .max(RIGHTS.length)
  .transform((list) => RIGHTS.filter((right) => list.includes(right)))
const members = z.array(z.string().max(64)).max(500)

export const Group = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    rights: z.array(z.enum(RIGHTS)),
    members: z.array(z.string()).describe('Everybody is in the built-in group `everyone`: it names nobody.'),
  })
  .meta({ id: 'Group' })
export type Group = z.infer<typeof Group>
export const GroupList = z.strictObject({ list: z.array(Group) }).meta({ id: 'GroupList' })
export const NewGroup = z.strictObject({ name: PersonName, rights, members }).meta({ id: 'NewGroup' })
export type NewGroup = z.infer<typeof NewGroup>
export const GroupChange = z
  .strictObject({ name: PersonName.optional(), rights: rights.optional(), members: members.optional() })
  .meta({ id: 'GroupChange', description: 'What is left out stays. Of `everyone` only the rights can be changed.' })
export type GroupChange = z.infer<typeof GroupChange>
