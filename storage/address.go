package storage

// File is the file that an address of a database names, "" if it names none: one in memory, on a server, or nothing that
// Open takes.
func File(url string) string {
	if isPostgres(url) {
		return ""
	}
	path, err := sqlitePath(url)
	if err != nil {
		return ""
	}
	return path
}

// Shared reports whether other instances may work on the database at the same time.
func (db *DB) Shared() bool { return db.engine == postgresEngine }
