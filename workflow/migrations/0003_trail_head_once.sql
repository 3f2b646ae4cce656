-- Binds a new event to its chain. Runs with the rights of the table's owner: the web role may not write heads. A connection
-- keeps the plans it made when the tables were still empty, so plans that read a whole table are out of the question.
CREATE OR REPLACE FUNCTION public.trail_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    SELECT head.length + 1, head.hash INTO NEW.position, NEW.previous FROM public.workflow_chainhead AS head
    WHERE head.subject_type = NEW.subject_type AND head.subject_id = NEW.subject_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN  -- The chain begins, unless somebody else begins it at this moment: then this event comes after theirs.
        INSERT INTO public.workflow_chainhead AS head (subject_type, subject_id, length, hash)
        VALUES (NEW.subject_type, NEW.subject_id, 0, '')
        ON CONFLICT (subject_type, subject_id) DO UPDATE SET length = head.length
        RETURNING head.length + 1, head.hash INTO NEW.position, NEW.previous;
    END IF;
    NEW.id := nextval('public.workflow_event_id_seq');
    NEW.at := clock_timestamp();
    NEW.hash := public.trail_hash(
        NEW.id::text, NEW.subject_type, NEW.subject_id::text, NEW.position::text, NEW.previous, NEW.number, NEW.action,
        NEW.source, NEW.target, NEW.version::text, NEW.actor_id::text, NEW.role, NEW.organisation_id::text,
        NEW.membership_id::text, to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        NEW.details_digest
    );
    UPDATE public.workflow_chainhead SET length = NEW.position, hash = NEW.hash
    WHERE subject_type = NEW.subject_type AND subject_id = NEW.subject_id;
    RETURN NEW;
END
$$;
