-- The trail guards itself: the database sets what binds an event to its chain, and refuses every change afterwards.
-- Names are qualified and the search path is fixed, so that nobody can slip a function or a table of their own in.

-- What verify.py calls event_hash(): each field with its length in bytes before it, null as "-", and SHA-256 over all.
CREATE FUNCTION public.trail_hash(VARIADIC fields text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    field text;
    joined text := '';
BEGIN
    FOREACH field IN ARRAY fields LOOP
        joined := joined || coalesce(octet_length(convert_to(field, 'UTF8')) || ':' || field || ';', '-;');
    END LOOP;
    RETURN encode(sha256(convert_to(joined, 'UTF8')), 'hex');
END
$$;

-- Ids are given out by the trigger, after the chain's head is locked: they grow along every chain, and nobody chooses one.
ALTER TABLE public.workflow_event ALTER COLUMN id DROP IDENTITY;
CREATE SEQUENCE public.workflow_event_id_seq OWNED BY public.workflow_event.id;

-- Runs with the rights of the table's owner: the web role may not write heads. A connection keeps the plans it made when
-- the tables were still empty, so plans that read a whole table are out of the question.
CREATE FUNCTION public.trail_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO public.workflow_chainhead AS head (subject_type, subject_id, length, hash)
    VALUES (NEW.subject_type, NEW.subject_id, 1, '')
    ON CONFLICT (subject_type, subject_id) DO UPDATE SET length = head.length + 1
    RETURNING head.length, head.hash INTO NEW.position, NEW.previous;
    NEW.id := nextval('public.workflow_event_id_seq');
    NEW.at := clock_timestamp();
    NEW.hash := public.trail_hash(
        NEW.id::text, NEW.subject_type, NEW.subject_id::text, NEW.position::text, NEW.previous, NEW.number, NEW.action,
        NEW.source, NEW.target, NEW.version::text, NEW.actor_id::text, NEW.role, NEW.organisation_id::text,
        NEW.membership_id::text, to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        NEW.details_digest
    );
    UPDATE public.workflow_chainhead SET hash = NEW.hash
    WHERE subject_type = NEW.subject_type AND subject_id = NEW.subject_id;
    RETURN NEW;
END
$$;

-- Details are taken only as they were hashed: nobody can add other ones, or any to an event that has none.
CREATE FUNCTION public.trail_details() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF NEW.salt !~ '^[0-9a-f]{32}$' OR NOT EXISTS (
        SELECT FROM public.workflow_event AS event
        WHERE event.id = NEW.event_id
        AND event.details_digest = encode(sha256(convert_to(NEW.salt || NEW.text, 'UTF8')), 'hex')
    ) THEN
        RAISE EXCEPTION 'These are not the details that event % was written with.', NEW.event_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION public.trail_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is never changed: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Otherwise anybody could put the chain's function, with its owner's rights, on a temporary table of their own.
REVOKE EXECUTE ON FUNCTION public.trail_chain() FROM PUBLIC;

CREATE TRIGGER trail_chain BEFORE INSERT ON public.workflow_event
    FOR EACH ROW EXECUTE FUNCTION public.trail_chain();
CREATE TRIGGER trail_details BEFORE INSERT ON public.workflow_eventdetails
    FOR EACH ROW EXECUTE FUNCTION public.trail_details();

CREATE TRIGGER trail_refuse BEFORE UPDATE OR DELETE ON public.workflow_event
    FOR EACH ROW EXECUTE FUNCTION public.trail_refuse();
CREATE TRIGGER trail_refuse_truncate BEFORE TRUNCATE ON public.workflow_event
    EXECUTE FUNCTION public.trail_refuse();

-- Erasure by law deletes details; no role of the web or the worker may.
CREATE TRIGGER trail_refuse BEFORE UPDATE ON public.workflow_eventdetails
    FOR EACH ROW EXECUTE FUNCTION public.trail_refuse();
CREATE TRIGGER trail_refuse_truncate BEFORE TRUNCATE ON public.workflow_eventdetails
    EXECUTE FUNCTION public.trail_refuse();

-- Heads are written by the chain's trigger, that is one level down, and by no statement of anybody's own.
CREATE TRIGGER trail_refuse_write BEFORE INSERT OR UPDATE ON public.workflow_chainhead
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION public.trail_refuse();
CREATE TRIGGER trail_refuse BEFORE DELETE ON public.workflow_chainhead
    FOR EACH ROW EXECUTE FUNCTION public.trail_refuse();
CREATE TRIGGER trail_refuse_truncate BEFORE TRUNCATE ON public.workflow_chainhead
    EXECUTE FUNCTION public.trail_refuse();

CREATE TRIGGER trail_refuse BEFORE UPDATE OR DELETE ON public.workflow_trailcheck
    FOR EACH ROW EXECUTE FUNCTION public.trail_refuse();
CREATE TRIGGER trail_refuse_truncate BEFORE TRUNCATE ON public.workflow_trailcheck
    EXECUTE FUNCTION public.trail_refuse();
