//go:build !unix

package server

import "net"

// lastConnections are none where there is no way to ask for them.
func lastConnections(net.Listener) []net.Conn { return nil }
