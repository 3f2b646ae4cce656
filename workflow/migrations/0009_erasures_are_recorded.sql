-- Details that are gone already are entered on the trail as found so: from now on each erasure is an event.
INSERT INTO public.workflow_event (
    subject_type, subject_id, number, position, action, source, target, version, role, details_digest, previous, hash
)
SELECT 'erasure', event.id, event.number, 0, 'found_erased', '', '', 0, '', '', '', ''
FROM public.workflow_event AS event
WHERE event.details_digest <> ''
AND NOT EXISTS (SELECT FROM public.workflow_eventdetails AS details WHERE details.event_id = event.id)
AND NOT EXISTS (
    SELECT FROM public.workflow_event AS known WHERE known.subject_type = 'erasure' AND known.subject_id = event.id
)
ORDER BY event.id;
