-- People and organisations that were stored without an event that adds them are entered on the trail as found: from now
-- on their data and the trail are compared.
WITH stored AS (
    SELECT 'person' AS kind, held.id, 'P-' || held.id AS number, 'found_person' AS action,
        json_build_object(
            'email', held.email, 'full_name', held.full_name, 'post', nullif(held.post, ''),
            'language', held.language, 'is_active', held.is_active
        ) AS inputs
    FROM public.registry_user AS held
    UNION ALL
    SELECT 'organisation', held.id, held.code, 'found_organisation',
        json_build_object(
            'code', held.code, 'kind', held.kind, 'institution_type', nullif(held.institution_type, ''),
            'name_ky', held.name_ky, 'name_ru', held.name_ru, 'name_en', held.name_en,
            'short_name_ky', held.short_name_ky, 'short_name_ru', held.short_name_ru,
            'short_name_en', held.short_name_en, 'region', nullif(held.region, ''),
            'founder', nullif(held.founder, ''), 'languages', nullif(held.languages, '{}'),
            'parent_id', held.parent_id, 'monitored_on', held.monitored_on, 'is_active', held.is_active
        )
    FROM public.registry_organisation AS held
), found AS (
    SELECT kind, id, number, action, json_build_object('inputs', json_strip_nulls(inputs))::text AS text,
        md5(random()::text || clock_timestamp()::text || kind || id::text) AS salt
    FROM stored
    WHERE NOT EXISTS (
        SELECT FROM public.workflow_event AS known
        WHERE known.subject_type = stored.kind AND known.subject_id = stored.id
        AND known.action IN ('add_' || stored.kind, 'found_' || stored.kind)
    )
), written AS (
    INSERT INTO public.workflow_event (
        subject_type, subject_id, number, position, action, source, target, version, role, details_digest, previous, hash
    )
    SELECT kind, id, number, 0, action, '', '', 0, '', encode(sha256(convert_to(salt || text, 'UTF8')), 'hex'), '', ''
    FROM found ORDER BY kind, id
    RETURNING id, subject_type, subject_id
)
INSERT INTO public.workflow_eventdetails (event_id, salt, text)
SELECT written.id, found.salt, found.text FROM written
JOIN found ON (found.kind, found.id) = (written.subject_type, written.subject_id);
