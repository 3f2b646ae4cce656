-- Memberships that were stored without an event are entered on the trail as found: from now on the two are compared.
WITH found AS (
    SELECT held.id, held.person_id,
        md5(random()::text || clock_timestamp()::text || held.id::text) AS salt,
        json_build_object('inputs', json_strip_nulls(json_build_object(
            'person_id', held.person_id, 'organisation_id', held.organisation_id, 'role', held.role,
            'starts', held.starts, 'ends', held.ends, 'substitutes_for_id', held.substitutes_for_id,
            'is_withdrawn', nullif(held.is_withdrawn, false)
        )))::text AS text
    FROM public.registry_membership AS held
    WHERE NOT EXISTS (
        SELECT FROM public.workflow_event AS known WHERE known.subject_type = 'membership' AND known.subject_id = held.id
    )
), written AS (
    INSERT INTO public.workflow_event (
        subject_type, subject_id, number, position, action, source, target, version, role, details_digest, previous, hash
    )
    SELECT 'membership', id, 'P-' || person_id, 0, 'found_membership', '', '', 0, '',
        encode(sha256(convert_to(salt || text, 'UTF8')), 'hex'), '', ''
    FROM found ORDER BY id
    RETURNING id, subject_id
)
INSERT INTO public.workflow_eventdetails (event_id, salt, text)
SELECT written.id, found.salt, found.text FROM written JOIN found ON found.id = written.subject_id;
