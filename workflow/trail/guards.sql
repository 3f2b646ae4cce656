--- function public.trail_case()
CREATE OR REPLACE FUNCTION public.trail_case()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
DECLARE
    told record;
    stored record;
BEGIN
    SELECT target, version INTO told FROM public.workflow_event
    WHERE subject_type = TG_ARGV[0] AND subject_id = NEW.id ORDER BY position DESC LIMIT 1;
    IF told.target = NEW.state AND told.version = NEW.version THEN
        RETURN NULL;
    END IF;
    -- A row that was changed again in the same transaction, or removed, is checked as it was left, not as it was between.
    EXECUTE format('SELECT state, version FROM %I.%I WHERE id = $1', TG_TABLE_SCHEMA, TG_TABLE_NAME)
    INTO stored USING NEW.id;
    IF stored.state = NEW.state AND stored.version = NEW.version THEN
        RAISE EXCEPTION 'The trail does not tell how % % came to be "%", version %.',
            TG_ARGV[0], NEW.number, NEW.state, NEW.version USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$function$

--- function public.trail_chain()
CREATE OR REPLACE FUNCTION public.trail_chain()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
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
$function$

--- function public.trail_check_chain()
CREATE OR REPLACE FUNCTION public.trail_check_chain()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
DECLARE
    latest record;
BEGIN
    SELECT id, hash INTO latest FROM public.workflow_trailcheck ORDER BY id DESC LIMIT 1;
    NEW.id := coalesce(latest.id, 0) + 1;
    NEW.previous := coalesce(latest.hash, '');
    NEW.at := clock_timestamp();
    NEW.hash := public.trail_hash(
        NEW.id::text, NEW.previous, to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        NEW.chains::text, NEW.events::text, NEW.erased::text, NEW.seal, NEW.fault, NEW.facts::text
    );
    RETURN NEW;
END
$function$

--- function public.trail_details()
CREATE OR REPLACE FUNCTION public.trail_details()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
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
$function$

--- function public.trail_erase()
CREATE OR REPLACE FUNCTION public.trail_erase()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
BEGIN
    DELETE FROM public.workflow_eventdetails WHERE event_id = NEW.subject_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Event % has no details that could be erased.', NEW.subject_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$function$

--- function public.trail_hash(text[])
CREATE OR REPLACE FUNCTION public.trail_hash(VARIADIC fields text[])
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
    field text;
    joined text := '';
BEGIN
    FOREACH field IN ARRAY fields LOOP
        joined := joined || coalesce(octet_length(convert_to(field, 'UTF8')) || ':' || field || ';', '-;');
    END LOOP;
    RETURN encode(sha256(convert_to(joined, 'UTF8')), 'hex');
END
$function$

--- function public.trail_refuse()
CREATE OR REPLACE FUNCTION public.trail_refuse()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
    RAISE EXCEPTION 'The audit trail is never changed: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$function$

--- function public.trail_watch(regclass,text)
CREATE OR REPLACE FUNCTION public.trail_watch(cases regclass, case_type text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
    EXECUTE format(
        'CREATE CONSTRAINT TRIGGER trail_case AFTER INSERT OR UPDATE OF id, state, version ON %s'
        ' DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.trail_case(%L)', cases, case_type
    );
END
$function$

--- function public.trail_write_check(bigint,bigint,bigint,text,text,jsonb)
CREATE OR REPLACE FUNCTION public.trail_write_check(new_chains bigint, new_events bigint, new_erased bigint, new_seal text, new_fault text, new_facts jsonb)
 RETURNS public.workflow_trailcheck
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '10s'
AS $function$
DECLARE
    written public.workflow_trailcheck;
BEGIN
    IF new_seal <> '' AND split_part(new_seal, '-', 1)::numeric > (SELECT last_value FROM public.workflow_event_id_seq) THEN
        RAISE EXCEPTION 'A seal covers no event that is not written yet.' USING ERRCODE = 'check_violation';
    END IF;
    FOR attempt IN 1..10 LOOP
        BEGIN
            INSERT INTO public.workflow_trailcheck (chains, events, erased, seal, fault, facts)
            VALUES (new_chains, new_events, new_erased, new_seal, new_fault, new_facts) RETURNING * INTO written;
            RETURN written;
        EXCEPTION WHEN unique_violation THEN
            NULL;  -- Another verification was written at this moment: this one comes after it.
        END;
    END LOOP;
    RAISE EXCEPTION 'Other verifications keep being written at the same moment.' USING ERRCODE = 'lock_not_available';
END
$function$

--- trigger trail_chain on workflow_event
CREATE TRIGGER trail_chain BEFORE INSERT ON public.workflow_event FOR EACH ROW EXECUTE FUNCTION public.trail_chain()

--- trigger trail_check_chain on workflow_trailcheck
CREATE TRIGGER trail_check_chain BEFORE INSERT ON public.workflow_trailcheck FOR EACH ROW EXECUTE FUNCTION public.trail_check_chain()

--- trigger trail_details on workflow_eventdetails
CREATE TRIGGER trail_details BEFORE INSERT ON public.workflow_eventdetails FOR EACH ROW EXECUTE FUNCTION public.trail_details()

--- trigger trail_erase on workflow_event
CREATE TRIGGER trail_erase AFTER INSERT ON public.workflow_event FOR EACH ROW WHEN (((new.subject_type)::text = 'erasure'::text)) EXECUTE FUNCTION public.trail_erase()

--- trigger trail_refuse on workflow_chainhead
CREATE TRIGGER trail_refuse BEFORE DELETE ON public.workflow_chainhead FOR EACH ROW EXECUTE FUNCTION public.trail_refuse()

--- trigger trail_refuse on workflow_event
CREATE TRIGGER trail_refuse BEFORE DELETE OR UPDATE ON public.workflow_event FOR EACH ROW EXECUTE FUNCTION public.trail_refuse()

--- trigger trail_refuse on workflow_eventdetails
CREATE TRIGGER trail_refuse BEFORE UPDATE ON public.workflow_eventdetails FOR EACH ROW EXECUTE FUNCTION public.trail_refuse()

--- trigger trail_refuse on workflow_trailcheck
CREATE TRIGGER trail_refuse BEFORE DELETE OR UPDATE ON public.workflow_trailcheck FOR EACH ROW EXECUTE FUNCTION public.trail_refuse()

--- trigger trail_refuse_delete on workflow_eventdetails
CREATE TRIGGER trail_refuse_delete BEFORE DELETE ON public.workflow_eventdetails FOR EACH ROW WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION public.trail_refuse()

--- trigger trail_refuse_truncate on workflow_chainhead
CREATE TRIGGER trail_refuse_truncate BEFORE TRUNCATE ON public.workflow_chainhead FOR EACH STATEMENT EXECUTE FUNCTION public.trail_refuse()

--- trigger trail_refuse_truncate on workflow_event
CREATE TRIGGER trail_refuse_truncate BEFORE TRUNCATE ON public.workflow_event FOR EACH STATEMENT EXECUTE FUNCTION public.trail_refuse()

--- trigger trail_refuse_truncate on workflow_eventdetails
CREATE TRIGGER trail_refuse_truncate BEFORE TRUNCATE ON public.workflow_eventdetails FOR EACH STATEMENT EXECUTE FUNCTION public.trail_refuse()

--- trigger trail_refuse_truncate on workflow_trailcheck
CREATE TRIGGER trail_refuse_truncate BEFORE TRUNCATE ON public.workflow_trailcheck FOR EACH STATEMENT EXECUTE FUNCTION public.trail_refuse()

--- trigger trail_refuse_write on workflow_chainhead
CREATE TRIGGER trail_refuse_write BEFORE INSERT OR UPDATE ON public.workflow_chainhead FOR EACH ROW WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION public.trail_refuse()
