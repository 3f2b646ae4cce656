-- Recommendations first..last, of 300 institutions and 40 coordinators, spread over all states and some four years.
WITH word(place, text) AS (VALUES
    (0, 'лицензиялык талаптардын аткарылышына мониторинг жүргүзүлсүн'),
    (1, 'студенттер арасында социалдык сурамжылоо жүргүзүлсүн'),
    (2, 'аккредитациянын эскертүүлөрү боюнча иш планы түзүлсүн'),
    (3, 'окуу программаларынын тизмеси даярдалсын'),
    (4, 'Улуттук рейтингге керектүү маалыматтар тапшырылсын'),
    (5, 'окутуучулардын квалификациясын жогорулатуу графиги бекитилсин'),
    (6, 'китепкананын кору толукталсын'),
    (7, 'өрт коопсуздугу боюнча талаптар аткарылсын')
), raw AS (
    SELECT n, word.text || ' (demo ' || n || ')' AS text,
        coalesce(%(state)s, (ARRAY[
            'closed', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed', 'in_progress',
            'in_progress', 'in_progress', 'in_progress', 'in_progress', 'issued', 'issued', 'under_review', 'claimed',
            'verified', 'draft'
        ])[1 + (hashint8extended(n, 1) & 1048575) %% 20]) AS state,
        CURRENT_DATE - 700 + ((hashint8extended(n, 2) & 1048575) %% 1000)::int AS due,
        (hashint8extended(n, 3) & 1048575) %% 300 AS seat, (hashint8extended(n, 4) & 1048575) %% 40 AS person
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n JOIN word ON word.place = (n / 3) %% 8
), made AS (
    INSERT INTO followup_recommendation (
        state, number, draft_number, version, ministry_id, department_id, institution_id, coordinator_id, source_id,
        item, cause, classification, risk, is_priority, controller, authoritative_language, first_due, current_due,
        actual_date, no_due_reason, slips, slip_days, response, verified_degree, closing_reason, issued_on,
        delivered_sha256, claimed_by_id, claimed_on, verified_by_id, verified_on, closed_on, risk_reason, risk_owner,
        created_at, search)
    SELECT state,
        CASE WHEN state = 'draft' THEN 'D-2026-' || lpad(n::text, greatest(5, length(n::text)), '0') ELSE 'R-2026-' || lpad(n::text, greatest(5, length(n::text)), '0') END,
        'D-2026-' || lpad(n::text, greatest(5, length(n::text)), '0'), 1, %(ministry)s, %(department)s, (%(institutions)s)[1 + seat],
        (%(coordinators)s)[1 + person], %(source)s, (n %% 9)::text, 'Мониторинг (demo)',
        CASE WHEN n %% 3 = 0 THEN 'improvement' ELSE 'condition' END, (ARRAY['high','medium','low'])[1 + n %% 3],
        n %% 50 = 0, '', 'ky', due, due, CASE WHEN state = 'closed' THEN due END, '', 0, 0,
        CASE WHEN state IN ('draft', 'issued') THEN 'awaiting' ELSE 'accepted' END,
        CASE WHEN state IN ('verified', 'closed') THEN 'full' ELSE '' END,
        CASE WHEN state = 'closed' THEN 'implemented' ELSE '' END,
        CASE WHEN state <> 'draft' THEN due - 100 END, '',
        CASE WHEN state IN ('claimed', 'verified', 'closed') THEN (%(heads)s)[1 + seat] END,
        CASE WHEN state IN ('claimed', 'verified', 'closed') THEN due END,
        CASE WHEN state IN ('verified', 'closed') THEN (%(coordinators)s)[1 + person] END,
        CASE WHEN state IN ('verified', 'closed') THEN due END, CASE WHEN state = 'closed' THEN due END, '', '', now(),
        translate(lower('R-2026-' || lpad(n::text, greatest(5, length(n::text)), '0') || ' ' || text || ' институт ' || seat), 'ёөүң', 'еоун')
    FROM raw
    RETURNING id, number, state, current_due, institution_id, coordinator_id, search
), written AS (
    INSERT INTO followup_recommendationtext (recommendation_id, language, version, text, is_checked, written_at)
    SELECT id, 'ky', 1, search, true, now() FROM made
), events AS (
    INSERT INTO workflow_event (id, subject_type, subject_id, number, position, action, source, target, version, actor_id,
        role, organisation_id, membership_id, details_digest, previous, hash, at)
    SELECT nextval('workflow_event_id_seq'), 'recommendation', id, number, 1, 'create', '', state, 1, coordinator_id,
        'coordinator', %(department)s, NULL, '', '', '', now()
    FROM made
    RETURNING id, subject_id
), heads AS (
    INSERT INTO workflow_chainhead (subject_type, subject_id, length, hash)
    SELECT 'recommendation', id, 1, '' FROM made
)
INSERT INTO workflow_expectation (subject_type, subject_id, about_type, about_id, number, state, action, key, topic, role,
    helper_role, organisation_id, ministry_id, lead_id, addressed_id, assignee_id, in_charge_id, start, days,
    suspended_days, calendar, due, opened_at, opened_by_id)
SELECT 'recommendation', made.id, 'recommendation', made.id, made.number, made.state, owed.action, '', '', owed.role,
    owed.helper, CASE WHEN owed.role = 'institution_head' THEN institution_id ELSE %(department)s END, %(ministry)s,
    %(department)s, CASE WHEN made.state <> 'draft' THEN institution_id END,
    CASE WHEN owed.role = 'coordinator' THEN coordinator_id END, coordinator_id, CURRENT_DATE, NULL, 0,
    'monday-to-friday', current_due, now(), events.id
FROM made JOIN events ON events.subject_id = made.id JOIN (VALUES
    ('draft', 'issue', 'coordinator', ''), ('issued', 'respond', 'institution_head', 'institution_officer'),
    ('under_review', 'agree_plan', 'coordinator', ''), ('in_progress', 'claim', 'institution_head', 'institution_officer'),
    ('claimed', 'confirm', 'coordinator', ''), ('verified', 'close', 'department_head', '')
) AS owed(state, action, role, helper) ON owed.state = made.state;
