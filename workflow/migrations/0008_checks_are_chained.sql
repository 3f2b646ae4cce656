-- Verifications are numbered, dated and chained by the database, and written through one function alone: a role that
-- chose number, time and seal itself could write one that kept the next ones from being made.

CREATE FUNCTION public.trail_check_chain() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
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
$$;

-- What a seal covers cannot lie in the future: otherwise it would contradict whatever is written next. A transaction that
-- was left open with a verification in it keeps the next one waiting for ten seconds and no longer.
CREATE FUNCTION public.trail_write_check(
    new_chains bigint, new_events bigint, new_erased bigint, new_seal text, new_fault text, new_facts jsonb
) RETURNS public.workflow_trailcheck
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '10s' AS $$
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
$$;
REVOKE EXECUTE ON FUNCTION public.trail_check_chain() FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION public.trail_write_check(bigint, bigint, bigint, text, text, jsonb) FROM PUBLIC;

-- Those that are there get their places in the order of their times; one that is dated in the future was put in, and
-- comes first, so that nothing rests on it.
DROP TRIGGER trail_refuse ON public.workflow_trailcheck;
UPDATE public.workflow_trailcheck AS present SET id = -ordered.place
FROM (
    SELECT id, row_number() OVER (ORDER BY at <= clock_timestamp(), at, id) AS place FROM public.workflow_trailcheck
) AS ordered
WHERE ordered.id = present.id;
DO $$
DECLARE
    one record;
    last text := '';
BEGIN
    FOR one IN SELECT * FROM public.workflow_trailcheck ORDER BY id DESC LOOP
        UPDATE public.workflow_trailcheck SET id = -one.id, previous = last, hash = public.trail_hash(
            (-one.id)::text, last, to_char(one.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            one.chains::text, one.events::text, one.erased::text, one.seal, one.fault, one.facts::text
        ) WHERE id = one.id RETURNING hash INTO last;
    END LOOP;
END
$$;

CREATE TRIGGER trail_check_chain BEFORE INSERT ON public.workflow_trailcheck
    FOR EACH ROW EXECUTE FUNCTION public.trail_check_chain();
CREATE TRIGGER trail_refuse BEFORE UPDATE OR DELETE ON public.workflow_trailcheck
    FOR EACH ROW EXECUTE FUNCTION public.trail_refuse();
