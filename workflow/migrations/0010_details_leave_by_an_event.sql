-- Details of an event are erased by writing an event that says so, and in no other way. With the rights of whoever writes
-- it: the role of web and worker may write events, but may delete no details.
CREATE FUNCTION public.trail_erase() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    DELETE FROM public.workflow_eventdetails WHERE event_id = NEW.subject_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Event % has no details that could be erased.', NEW.subject_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER trail_erase AFTER INSERT ON public.workflow_event
    FOR EACH ROW WHEN (NEW.subject_type = 'erasure') EXECUTE FUNCTION public.trail_erase();
CREATE TRIGGER trail_refuse_delete BEFORE DELETE ON public.workflow_eventdetails
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION public.trail_refuse();
