package server

// StrictQuery is the parser of queries.
type StrictQuery = strictQuery
