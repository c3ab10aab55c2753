package server

// SetAll sets the fields that a usual query names.
var SetAll = setAll

// NameOf is whose certificate it is.
var NameOf = nameOf
