/** What stands in the place of a secret, however long it is. */
export const MASK = '***'
