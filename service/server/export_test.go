package server

// StrictQueryParser exports strictQueryParser.
type StrictQueryParser = strictQueryParser
