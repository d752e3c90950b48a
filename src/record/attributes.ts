/** The line of `.gitattributes` that keeps git from changing line ends in records, and from merging two states of one. */
export const recordAttributes = '.baton/runs/** -text -merge'
