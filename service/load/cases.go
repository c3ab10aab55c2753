package main

// A load is a way to put servers under load, and the servers that are compared under it.
type load struct {
	name     string
	surface  surface
	inFlight int
	conns    int
	servers  []string // ours, its limit, others
	batch    int      // requests of a call; 0 where a call is one
}

// A surface opens a session with a server.
type surface func(endpoint, load, questions) (session, error)

// batchSize is how many requests a batch has unless a load says otherwise.
const batchSize = 100

// The servers that are compared: ours and what costs the least that one can do, and once per surface what everybody would
// write.
var (
	grpcPair    = []string{"cbcerr", "null"}
	grpcTrio    = []string{"cbcerr", "null", "naive"}
	grpcSecure  = []string{"cbcerr-tls", "null-tls"}
	restPair    = []string{"cbcerr", "static"}
	restTrio    = []string{"cbcerr", "static", "naive"}
	restSecure  = []string{"cbcerr-tls", "static-tls"}
	observation = []string{"cbcerr", "cbcerr-bare"}
)

// loads are all of them, in the order of the report: what is in flight is the callers that wait for an answer, or the
// messages of one stream.
var loads = []load{
	{"unary/1", unary, 1, 1, grpcPair, 0},
	{"unary/8", unary, 8, 1, grpcPair, 0},
	{"unary/64", unary, 64, 1, grpcTrio, 0},
	{"unary/64/16 connections", unary, 64, 16, grpcPair, 0},
	{"unary/64/TLS", unary, 64, 1, grpcSecure, 0},
	{"unary/64/observability", unary, 64, 1, observation, 0},

	{"stream/1", stream, 1, 1, grpcPair, 0},
	{"stream/8", stream, 8, 1, grpcPair, 0},
	{"stream/64", stream, 64, 1, grpcTrio, 0},

	{"batch/1", batch, 1, 1, grpcPair, batchSize},
	{"batch/8", batch, 8, 1, grpcPair, batchSize},
	{"batch/64", batch, 64, 1, grpcTrio, batchSize},

	{"raise/1", raise, 1, 1, grpcPair, 0},
	{"raise/8", raise, 8, 1, grpcPair, 0},
	{"raise/64", raise, 64, 1, grpcTrio, 0},

	{"REST/1", restJSON, 1, 1, restPair, 0},
	{"REST/8", restJSON, 8, 8, restPair, 0},
	{"REST/64", restJSON, 64, 64, restTrio, 0},
	{"REST/64/1 connection", restJSON, 64, 1, restPair, 0},
	{"REST/64/16 connections", restJSON, 64, 16, restPair, 0},
	{"REST/64/TLS", restJSON, 64, 64, restSecure, 0},

	{"REST raw/1", restRaw, 1, 1, restPair, 0},
	{"REST raw/8", restRaw, 8, 8, restPair, 0},
	{"REST raw/64", restRaw, 64, 64, restPair, 0},
}
