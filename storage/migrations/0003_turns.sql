-- What goes next, found without a look at everything that waits: answers before what nobody asked for, each in the order of
-- their ids; and when something is due. The expressions are those of the queries, see outbox.go.
CREATE INDEX outbox_turn ON outbox (platform, (CASE WHEN kind IN ('reply', 'question', 'error') THEN 0 ELSE 1 END), id) WHERE live = 1;
CREATE INDEX outbox_due ON outbox (platform, (CASE state WHEN 'retry' THEN retry_at WHEN 'sending' THEN lease_until ELSE not_before END))
  WHERE live = 1;
