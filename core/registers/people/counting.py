"""
Counting people, each once, whatever ids they were recorded under.

An indicator of persons counts the id that was kept. In its `base`, over read models:

    select coalesce(k.kept, s.person) as measure from … s left join {registers.persons} k
      on k.person = s.person

In its `recount`, over the facts alone, with the table `kept` (person, kept) that
`WITH_KEPT_IN_FACTS` makes, to be followed by the query, or by a comma and further tables:

    select coalesce(k.kept, a.person::text) as measure from {facts} a
      left join kept k on k.person = a.person::text where …

Resolve before anything is grouped by person: whoever signed under one id and came back under the
other is not new. As known before a merge, and after an unmerge, the figures count two.
"""

WITH_KEPT_IN_FACTS = """
        with kept as (
          select m.person, m.kept
            from (select distinct on (f.stream) f.stream::text as person, f.name,
                         f.content ->> 'kept' as kept
                    from {facts} f
                   where f.name in ('directory.persons_merged.v1', 'directory.persons_unmerged.v1')
                     and f.content ->> 'merged' = f.stream::text
                   order by f.stream, f.position desc) m
           where m.name = 'directory.persons_merged.v1'
        )"""
"""The ids that were merged, and the one each goes on under, for a `recount`."""
