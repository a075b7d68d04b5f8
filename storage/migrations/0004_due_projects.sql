-- When thousands of projects are due at one moment, the next few are found without sorting them all.
DROP INDEX projects_next_at;
CREATE INDEX projects_next_at ON projects (next_at, key) WHERE next_at <> '';
