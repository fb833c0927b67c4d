"""Whoever loses access loses it at once: the database itself tells the live streams, whichever code made the change."""

from django.db import migrations

TELL = """
CREATE FUNCTION public.tell_session_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The digest, so that a listener learns no session's key.
    PERFORM pg_notify('evenhand_access', 'session ' || encode(sha256(OLD.session_key::bytea), 'hex'));
    RETURN NULL;
END $$;
CREATE TRIGGER told AFTER DELETE ON django_session FOR EACH ROW EXECUTE FUNCTION public.tell_session_ended();

CREATE FUNCTION public.tell_agent_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('evenhand_access', 'agent ' || OLD.id);
    RETURN NULL;
END $$;
CREATE TRIGGER told AFTER UPDATE ON people_agent FOR EACH ROW
    WHEN (OLD.password <> NEW.password OR OLD.is_active <> NEW.is_active OR OLD.is_admin <> NEW.is_admin)
    EXECUTE FUNCTION public.tell_agent_changed();
CREATE TRIGGER told_gone AFTER DELETE ON people_agent FOR EACH ROW EXECUTE FUNCTION public.tell_agent_changed();

CREATE FUNCTION public.tell_teams_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('evenhand_access', 'agent ' || COALESCE(NEW.agent_id, OLD.agent_id));
    RETURN NULL;
END $$;
CREATE TRIGGER told AFTER INSERT OR UPDATE OR DELETE ON people_agent_teams
    FOR EACH ROW EXECUTE FUNCTION public.tell_teams_changed();
"""
HUSH = """
DROP TRIGGER told ON django_session;
DROP TRIGGER told ON people_agent;
DROP TRIGGER told_gone ON people_agent;
DROP TRIGGER told ON people_agent_teams;
DROP FUNCTION public.tell_session_ended, public.tell_agent_changed, public.tell_teams_changed;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("sessions", "0001_initial")]
    operations = [migrations.RunSQL(TELL, HUSH)]
