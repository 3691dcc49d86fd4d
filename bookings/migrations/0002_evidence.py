"""What only grows, what has to add up, and where references are counted."""

from django.db import migrations

from config.shared.triggers import AppendOnly

# Per payment and step the entries add up to nothing once the transaction ends. The SQLSTATE says
# that integrity is at stake, not that the database is down; the table is named without a search
# path, so that a dump can be restored.
BALANCED = """
CREATE FUNCTION bookings_ledgerentry_balanced() RETURNS trigger LANGUAGE plpgsql
SET search_path = '' AS $$
DECLARE
    total numeric;
BEGIN
    EXECUTE format(
        'SELECT sum(amount) FROM %I.%I WHERE payment_id = $1 AND step = $2',
        TG_TABLE_SCHEMA, TG_TABLE_NAME
    ) INTO total USING NEW.payment_id, NEW.step;
    IF total IS DISTINCT FROM 0 AND total IS NOT NULL THEN
        RAISE EXCEPTION 'The entries of step % do not add up: %', NEW.step, total
            USING ERRCODE = '23001', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'bookings_ledgerentry_balanced';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER bookings_ledgerentry_balanced
    AFTER INSERT ON bookings_ledgerentry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION bookings_ledgerentry_balanced();
"""
UNBALANCED = """
DROP TRIGGER bookings_ledgerentry_balanced ON bookings_ledgerentry;
DROP FUNCTION bookings_ledgerentry_balanced();
"""
SERIES = ("booking", "payment", "refund", "changerequest")


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_homes")]

    operations = [
        AppendOnly("ClaimLog"),
        AppendOnly("PaymentFact"),
        AppendOnly("LedgerEntry"),
        migrations.RunSQL(BALANCED, UNBALANCED),
        *(
            migrations.RunSQL(
                f"CREATE SEQUENCE bookings_{name}_reference",
                f"DROP SEQUENCE bookings_{name}_reference",
            )
            for name in SERIES
        ),
    ]
