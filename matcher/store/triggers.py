"""Triggers by which the database itself refuses changes of events, contents and the audit log."""

SQLITE = (
    """CREATE TRIGGER event_no_update BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END""",
    """CREATE TRIGGER event_no_delete BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END""",
    # INSERT OR REPLACE deletes a row without firing the trigger on deletion.
    """CREATE TRIGGER event_no_replace BEFORE INSERT ON event
    WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END""",
    """CREATE TRIGGER content_no_update BEFORE UPDATE ON content
    BEGIN SELECT RAISE(ABORT, 'contents are never changed'); END""",
    """CREATE TRIGGER content_no_replace BEFORE INSERT ON content
    WHEN EXISTS (SELECT 1 FROM content WHERE hash = NEW.hash)
    BEGIN SELECT RAISE(ABORT, 'contents are never changed'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is never changed', TG_TABLE_NAME; END $$""",
    """CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER content_no_update BEFORE UPDATE ON content
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
)
AUDIT_SQLITE = (
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END""",
    """CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is never deleted'); END""",
    """CREATE TRIGGER audit_end_forward BEFORE UPDATE ON audit_end WHEN NEW.latest <= OLD.latest
    BEGIN SELECT RAISE(ABORT, 'the audit log is never shortened'); END""",
    """CREATE TRIGGER audit_end_no_replace BEFORE INSERT ON audit_end
    WHEN EXISTS (SELECT 1 FROM audit_end WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the audit log is never shortened'); END""",
    """CREATE TRIGGER audit_end_no_delete BEFORE DELETE ON audit_end
    BEGIN SELECT RAISE(ABORT, 'the audit log is never shortened'); END""",
)
AUDIT_POSTGRESQL = (
    """CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER audit_end_forward BEFORE UPDATE ON audit_end FOR EACH ROW
    WHEN (NEW.latest <= OLD.latest) EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER audit_end_no_delete BEFORE DELETE ON audit_end
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER audit_end_no_truncate BEFORE TRUNCATE ON audit_end
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)
AUDIT_GUARDS = {"sqlite": AUDIT_SQLITE, "postgresql": AUDIT_POSTGRESQL}
"""Statements that create the triggers of the audit log, by name of the database."""
GUARDS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
"""Statements that create the triggers of events and contents, by name of the database."""
UNGUARD = {
    "sqlite": (),
    "postgresql": ("DROP FUNCTION refuse_change() CASCADE",),
}
"""Statements that drop what dropping the tables does not remove."""
