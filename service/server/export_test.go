package server

// NameOf is whose certificate it is.
var NameOf = nameOf

// StrictQuery is the parser of queries.
type StrictQuery = strictQuery
