-- What one instance at a time may do, and which instances are alive: a lease is its holder's until that moment, in
-- milliseconds since 1970 by the database's own clock, so that the instances' clocks need not agree.
CREATE TABLE leases (
  name   {{text}} PRIMARY KEY,
  holder {{text}} NOT NULL,
  until  {{int}} NOT NULL
) {{strict}};
