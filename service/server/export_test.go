package server

import "time"

// StrictQueryParser exports strictQueryParser.
type StrictQueryParser = strictQueryParser

// Milliseconds exports milliseconds.
func Milliseconds(d time.Duration) float64 { return milliseconds(d) }
