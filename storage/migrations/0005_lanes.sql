-- What stands before a message in its lane is found by the lane alone: the other indexes of what is live begin with the
-- platform, and a server that has not counted thousands of new messages yet would read them all for each, see outbox.go.
DROP INDEX outbox_live;
CREATE INDEX outbox_live ON outbox (lane, id) WHERE live = 1;
