/** What `rdpdoctor list` can list. */
export const LIST_NAMES = ['causes', 'facts', 'clients', 'remedies'] as const;
